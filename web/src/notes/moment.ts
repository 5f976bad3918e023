import { InputRule, mergeAttributes, Node } from "@tiptap/core";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import { NodeSelection, Plugin, type Transaction } from "@tiptap/pm/state";
import { clockOf } from "../clock/format.ts";
import { typedTime } from "./typed-time.ts";

/** A position of a recording, which is told apart from others of the interview by when it began (UTC ms). */
export type Moment = { readonly atMs: number; readonly startedAtMs: number };

export type Moments = {
  /** Where the recording, or its player, stands; undefined where there is none. */
  readonly now: () => Moment | undefined;
  readonly show: (moment: Moment) => void;
  /** What pressing a moment does: "Play from 12:34". */
  readonly label: (clock: string) => string;
};

const numberOf = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const momentOf = (attrs: Readonly<Record<string, unknown>>): Moment => ({
  atMs: numberOf(attrs["atMs"]),
  startedAtMs: numberOf(attrs["startedAtMs"]),
});

/**
 * "@" before which nothing stands becomes the moment, and with a time typed right behind it, "@12:34 ", the moment of that time;
 * one Backspace gives back what was typed. Pressed, or Enter on it, shows it.
 */
export const momentNode = (moments: () => Moments) => {
  /** What the last "@" became. A moment of before keeps its own time, whatever is typed behind it. */
  let fresh: Moment | undefined;
  /** Puts the time typed before `pos` in place of what stands up to `to`, with `after` behind it. */
  const takeTime = (tr: Transaction, pos: number, to: number, after: string): boolean => {
    const isFresh = (node: DocumentNode): boolean =>
      node.type.name === "moment" && fresh !== undefined && node.attrs["atMs"] === fresh.atMs;
    const typed = typedTime(tr.doc, pos, isFresh);
    const of = typed?.instead ? fresh : moments().now();
    const { schema } = tr.doc.type;
    const type = schema.nodes["moment"];
    if (!typed || !of || !type) return false;
    const text = after === "" ? [] : [schema.text(after, tr.doc.resolve(pos).marks())];
    tr.replaceWith(typed.from, to, [type.create({ ...of, atMs: typed.atMs }), ...text]);
    fresh = undefined;
    return true;
  };

  return Node.create({
    name: "moment",
    group: "inline",
    inline: true,
    atom: true,
    selectable: true,
    marks: "",
    addAttributes: () => ({
      atMs: { default: 0, parseHTML: (element: HTMLElement) => Number(element.dataset["atMs"] ?? 0) },
      startedAtMs: { default: 0, parseHTML: (element: HTMLElement) => Number(element.dataset["startedAtMs"] ?? 0) },
    }),
    parseHTML: () => [{ tag: "span[data-moment]" }],
    renderHTML({ node, HTMLAttributes }) {
      const { atMs, startedAtMs } = momentOf(node.attrs);
      const own = {
        "data-moment": "",
        "data-at-ms": atMs,
        "data-started-at-ms": startedAtMs,
        title: moments().label(clockOf(atMs)),
      };
      return ["span", mergeAttributes(HTMLAttributes, own), `@${clockOf(atMs)}`];
    },
    renderText: ({ node }) => `@${clockOf(momentOf(node.attrs).atMs)}`,
    addInputRules() {
      return [
        new InputRule({
          find: /(?:^|\s)@$/,
          handler: ({ chain, range }) => {
            const moment = moments().now();
            if (!moment) return null;
            fresh = moment;
            // Not the space before it.
            chain()
              .insertContentAt({ from: range.to, to: range.to }, [
                { type: this.name, attrs: { ...moment } },
                { type: "text", text: " " },
              ])
              .run();
            return undefined;
          },
        }),
        new InputRule({
          find: /:\d\d[ \u00a0,.;!?)]$/,
          handler: ({ state, range, match: [found] }) => {
            // Behind a composition what was typed last is in the text already.
            const pos = range.from + found.length - 1;
            return takeTime(state.tr, pos, Math.max(pos, range.to), found.slice(-1)) ? undefined : null;
          },
        }),
      ];
    },
    addProseMirrorPlugins() {
      return [
        new Plugin({
          props: {
            handleClickOn: (_view, _pos, node) => {
              if (node.type.name !== this.name) return false;
              moments().show(momentOf(node.attrs));
              return true;
            },
            handleKeyDown: (view, event) => {
              if (event.key !== "Enter") return false;
              const { selection, tr } = view.state;
              // The new line is made as ever.
              if (selection.empty && takeTime(tr, selection.from, selection.from, "")) view.dispatch(tr);
              const chosen = selection instanceof NodeSelection && selection.node.type.name === this.name;
              if (!chosen) return false;
              moments().show(momentOf(selection.node.attrs));
              return true;
            },
          },
        }),
      ];
    },
  });
};
