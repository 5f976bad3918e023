import { NOTES_ROOT } from "@verbatim/shared/document/notes";
import * as Y from "yjs";
import { clockOf } from "../clock/format.ts";

/** The words of a document of notes, without their formats: a line for each paragraph or point, moments as "@12:34". */
export function notesText(doc: Y.Doc): string {
  const lines: string[] = [""];
  const add = (text: string): void => void lines.push((lines.pop() ?? "") + text);
  const read = (node: unknown): void => {
    if (node instanceof Y.XmlText) {
      for (const { insert } of node.toDelta() as readonly { readonly insert: unknown }[]) add(String(insert));
    } else if (node instanceof Y.XmlElement) {
      if (node.nodeName === "moment") return add(`@${clockOf(Number(node.getAttribute("atMs")))}`);
      if (lines.at(-1) !== "") lines.push("");
      for (const child of node.toArray()) read(child);
    }
  };
  for (const block of doc.getXmlFragment(NOTES_ROOT).toArray()) read(block);
  return lines.join("\n").trim();
}
