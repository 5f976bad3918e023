import { NOTES_ROOT } from "@verbatim/shared/document/notes";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { notesText } from "./notes-text.ts";

const element = (name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement => {
  const made = new Y.XmlElement(name);
  made.insert(0, children);
  return made;
};

it("notes are taken along as lines of words, with their moments as one reads them", () => {
  const doc = new Y.Doc();
  expect(notesText(doc)).toBe("");
  const moment = new Y.XmlElement<{ atMs: number }>("moment");
  moment.setAttribute("atMs", 754_000);
  const bold = new Y.XmlText();
  bold.applyDelta([{ insert: "seven " }, { insert: "years", attributes: { bold: {} } }]);
  doc
    .getXmlFragment(NOTES_ROOT)
    .insert(0, [
      element("heading", new Y.XmlText("Bank")),
      element("paragraph"),
      element(
        "bulletList",
        element("listItem", element("paragraph", bold)),
        element("listItem", element("paragraph", moment as Y.XmlElement, new Y.XmlText(" why"), element("hardBreak"))),
      ),
      element("paragraph", new Y.XmlText("<end>")),
    ]);
  expect(notesText(doc)).toBe("Bank\nseven years\n@12:34 why\n<end>");
});
