import { InputRule, mergeAttributes, Node } from "@tiptap/core";
import { NodeSelection, Plugin } from "@tiptap/pm/state";
import { clockOf } from "../clock/format.ts";

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

/** "@" before which nothing stands becomes the moment; one Backspace makes it an "@" again. Pressed, or Enter on it, shows it. */
export const momentNode = (moments: () => Moments) =>
  Node.create({
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
              const { selection } = view.state;
              const chosen = selection instanceof NodeSelection && selection.node.type.name === this.name;
              if (event.key !== "Enter" || !chosen) return false;
              moments().show(momentOf(selection.node.attrs));
              return true;
            },
          },
        }),
      ];
    },
  });
