import * as Y from "yjs";
import { NOTES_ROOT } from "@verbatim/shared/document/notes";

/** What an update would do, read without doing it. */
export type ReadUpdate =
  | { readonly type: "good"; readonly clients: ReadonlySet<number>; readonly adds: boolean }
  /** It stands on something that this copy of the document does not hold. */
  | { readonly type: "missing" }
  | { readonly type: "bad"; readonly why: string };

/** Above it, another page's decoder throws. */
const MOST_CLOCK = 2 ** 31;
const MOST_CLIENT = 2 ** 32 - 1;
const NAME = /^[a-zA-Z]{1,40}$/;
const MOST_VALUE = 400;

const bad = (why: string): ReadUpdate => ({ type: "bad", why });

/**
 * Reads an update that a client sent, against how much of each client the document holds. Nothing is
 * taken that Yjs would keep back until something else arrives: one withheld update makes every later one dear.
 */
export function readUpdate(update: Uint8Array, stateOf: (client: number) => number): ReadUpdate {
  const decoded = decode(update);
  if (!decoded) return bad("The update cannot be decoded.");
  const { structs, ds } = decoded;
  const ends = new Map<number, number>();
  const endOf = (client: number): number => ends.get(client) ?? stateOf(client);
  const clients = new Set<number>();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    if (client > MOST_CLIENT || clock + struct.length > MOST_CLOCK) return bad("A client or clock is out of range.");
    if (struct instanceof Y.Skip || clock > endOf(client)) return { type: "missing" };
    if (clock + struct.length > endOf(client)) {
      ends.set(client, clock + struct.length);
      clients.add(client);
    }
  }
  const held = (id: Y.ID | null): boolean => id === null || id.clock < endOf(id.client);
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    if (!held(struct.origin) || !held(struct.rightOrigin)) return { type: "missing" };
    if (struct.parent instanceof Y.ID && !held(struct.parent)) return { type: "missing" };
    if (typeof struct.parent === "string" && struct.parent !== NOTES_ROOT)
      return bad("Only the notes are written here.");
    if (struct.parentSub !== null && !NAME.test(struct.parentSub)) return bad("An attribute has no such name.");
    if (!isText(struct.content)) return bad("Notes hold text and its formats alone.");
  }
  for (const [client, deletions] of ds.clients) {
    for (const { clock, len } of deletions) if (clock + len > endOf(client)) return { type: "missing" };
  }
  return { type: "good", clients, adds: clients.size > 0 };
}

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> | undefined {
  try {
    return Y.decodeUpdate(update);
  } catch {
    // lib0 and Yjs throw on whatever is truncated, too deep, or no number; it is no update.
    return undefined;
  }
}

function isText(content: Y.Item["content"]): boolean {
  if (content instanceof Y.ContentString || content instanceof Y.ContentDeleted) return true;
  if (content instanceof Y.ContentFormat) {
    return content.key.length <= 40 && (JSON.stringify(content.value) ?? "").length <= MOST_VALUE;
  }
  if (content instanceof Y.ContentAny) return content.arr.every(isPlain);
  if (!(content instanceof Y.ContentType)) return false;
  const { type } = content;
  return type.constructor === Y.XmlText || (type instanceof Y.XmlElement && NAME.test(type.nodeName));
}

const isPlain = (value: unknown): boolean =>
  value === null || ["string", "number", "boolean", "undefined"].includes(typeof value)
    ? String(value).length <= MOST_VALUE
    : false;
