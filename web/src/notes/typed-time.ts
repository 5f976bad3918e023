import type { Node } from "@tiptap/pm/model";
import { msOfClock } from "../clock/format.ts";

/** Stands for a node within a line: one character, as it is one position. */
const NODE = "\ufffc";
const TYPED = new RegExp(`(?:(^|[\\s${NODE}])@|${NODE} )([\\d:]+)$`);

export type TypedTime = {
  /** Where the "@", or the moment that it became, begins. */
  readonly from: number;
  readonly atMs: number;
  /** It is meant instead of the moment that the "@" became. */
  readonly instead: boolean;
};

/** The time that stands right before `pos`, behind an "@" or behind the moment that this "@" became. */
export function typedTime(doc: Node, pos: number, isFresh: (node: Node) => boolean): TypedTime | undefined {
  const $pos = doc.resolve(pos);
  const found = TYPED.exec($pos.parent.textBetween(0, $pos.parentOffset, undefined, NODE));
  const atMs = msOfClock(found?.[2] ?? "");
  if (!found || atMs === undefined) return undefined;
  const [, before] = found;
  const from = $pos.start() + found.index + (before?.length ?? 0);
  if (before !== undefined) return { from, atMs, instead: false };
  const node = doc.nodeAt(from);
  return node && isFresh(node) ? { from, atMs, instead: true } : undefined;
}
