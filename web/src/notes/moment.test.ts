import { Editor } from "@tiptap/core";
import { StarterKit } from "@tiptap/starter-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { clockOf } from "../clock/format.ts";
import { type Moment, momentNode } from "./moment.ts";

const startedAtMs = 1_760_000_000_000;

/** An editor without a page: what is typed goes letter by letter through the rules that a page's keys go through. */
function typing(now: () => Moment | undefined) {
  const moments = { now, show: () => {}, label: (clock: string) => clock };
  const editor = new Editor({
    element: null,
    content: { type: "doc", content: [{ type: "paragraph" }] },
    extensions: [StarterKit, momentNode(() => moments)],
  });
  const { view } = editor;
  view.updateState(editor.state.reconfigure({ plugins: editor.extensionManager.plugins }));
  const type = (text: string): void => {
    for (const letter of text) {
      const { from, to } = editor.state.selection;
      const insert = () => editor.state.tr.insertText(letter, from, to);
      const taken = editor.state.plugins.some(
        (plugin) => plugin.props.handleTextInput?.call(plugin, view, from, to, letter, insert) === true,
      );
      if (!taken) view.dispatch(insert());
    }
  };
  const enter = (): void => {
    const event = { key: "Enter", preventDefault: () => {} } as KeyboardEvent;
    const taken = editor.state.plugins.some((plugin) => plugin.props.handleKeyDown?.call(plugin, view, event) === true);
    if (!taken) editor.commands.splitBlock();
  };
  const found = (): readonly Moment[] => {
    const all: Moment[] = [];
    editor.state.doc.descendants(({ type: { name }, attrs }) => {
      if (name === "moment") all.push({ atMs: Number(attrs["atMs"]), startedAtMs: Number(attrs["startedAtMs"]) });
    });
    return all;
  };
  return { editor, type, enter, found, text: () => editor.getText({ blockSeparator: "|" }) };
}

const at1502 = (): Moment => ({ atMs: 902_000, startedAtMs });

it("an @ is now, at once, and stays it before anything but a time", () => {
  for (const after of ["and then ", "12 of them ", "12:3 ", "12:99 ", " 12:34 "]) {
    const { type, text, found } = typing(at1502);
    type("Bank @");
    expect(text()).toBe("Bank @15:02 ");
    type(after);
    expect(text()).toBe(`Bank @15:02 ${after}`);
    expect(found()).toEqual([at1502()]);
  }
});

it("an @ with a time is the moment of that time, whatever was recorded by now", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 * 3_600 }),
      fc.constantFrom("", "Bank: ", "*so* "),
      fc.constantFrom(" ", ",", ".", ")"),
      (seconds, before, after) => {
        const { type, text, found } = typing(at1502);
        type(`${before}@${clockOf(seconds * 1000)}${after}so`);
        expect(text()).toContain(`@${clockOf(seconds * 1000)}${after}so`);
        expect(found()).toEqual([{ atMs: seconds * 1000, startedAtMs }]);
      },
    ),
    { numRuns: 50 },
  );
});

it("Enter ends a time as a space does, and makes its new line", () => {
  const { type, enter, text, found } = typing(at1502);
  type("@12:34");
  enter();
  type("@1:02:03");
  enter();
  expect(text()).toBe("@12:34|@1:02:03|");
  expect(found().map(({ atMs }) => atMs)).toEqual([754_000, 3_723_000]);
});

it("Backspace right behind gives back what was typed, and it stays", () => {
  const { editor, type, text, found } = typing(at1502);
  type("@12:34 ");
  expect(editor.commands.undoInputRule()).toBe(true);
  expect(text()).toBe("@15:02 12:34 ");
  type("on ");
  expect(found()).toEqual([at1502()]);
  const other = typing(at1502);
  other.type("@");
  other.editor.commands.undoInputRule();
  other.type("12:34 ");
  expect(other.found()).toEqual([{ atMs: 754_000, startedAtMs }]);
});

it("a time behind a moment of before is a time, and without a recording everything is what was typed", () => {
  let atMs = 60_000;
  const { editor, type, text, found } = typing(() => ({ atMs, startedAtMs }));
  type("@");
  atMs = 120_000;
  type("so @x");
  editor.commands.setTextSelection(3);
  type("0:30 ");
  expect(text()).toContain("@1:00 0:30 ");
  expect(found().map((moment) => moment.atMs)).toEqual([60_000, 120_000]);
  const none = typing(() => undefined);
  none.type("@ @12:34 so");
  expect(none.text()).toBe("@ @12:34 so");
});
