import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { NOTES_ROOT } from "@verbatim/shared/document/notes";
import { readWriterFrame } from "./notes-frames.ts";
import { faultOf } from "./notes-shape.ts";
import { readUpdate } from "./notes-update.ts";

/** What the rules say of an update to an empty document, before and after it is applied. */
function judge(update: Uint8Array): string {
  const doc = new Y.Doc();
  doc.getXmlFragment(NOTES_ROOT);
  const read = readUpdate(update, (client) => Y.getState(doc.store, client));
  if (read.type !== "good") return read.type;
  let fault: string | undefined;
  doc.on("afterTransaction", (transaction: Y.Transaction) => (fault = faultOf(transaction)));
  Y.applyUpdate(doc, update);
  return fault === undefined ? "good" : "misplaced";
}

const written = (write: (doc: Y.Doc, notes: Y.XmlFragment) => void): Uint8Array => {
  const doc = new Y.Doc();
  doc.transact(() => write(doc, doc.getXmlFragment(NOTES_ROOT)));
  return Y.encodeStateAsUpdate(doc);
};
const paragraph = (text: string): Y.XmlElement => {
  const element = new Y.XmlElement("paragraph");
  element.insert(0, [new Y.XmlText(text)]);
  return element;
};
/** Lists in one another, below a fragment that is in its document. */
function nest(below: Y.XmlFragment, depth: number): void {
  for (let at = below, n = 0; n < depth; n++) {
    const element = new Y.XmlElement(n % 2 === 0 ? "bulletList" : "listItem");
    at.insert(0, [element]);
    at = element;
  }
}

describe("what may be written into notes", () => {
  it("is text with formats, in elements with plain attributes", () => {
    const update = written((_, notes) => {
      const heading = new Y.XmlElement("heading");
      heading.setAttribute("level", 2 as never);
      const moment = new Y.XmlElement("moment");
      moment.setAttribute("atMs", 754_000 as never);
      notes.insert(0, [heading, paragraph("hello")]);
      nest(notes, 20);
      heading.insert(0, [new Y.XmlText("bold"), moment]);
      (heading.get(0) as Y.XmlText).format(0, 2, { bold: {} });
    });
    expect(judge(update)).toBe("good");
  });

  it.each<[string, string, (doc: Y.Doc, notes: Y.XmlFragment) => void]>([
    ["another root", "bad", (doc) => doc.getMap("meta").set("recording", "off")],
    ["a document in the document", "bad", (_, notes) => (notes as never as Y.Array<unknown>).push([new Y.Doc()])],
    ["a map", "bad", (_, notes) => (notes as never as Y.Array<unknown>).push([new Y.Map()])],
    ["words outside a text", "misplaced", (_, notes) => notes.insert(0, [new Y.XmlText("x")])],
    ["values in a list", "bad", (_, notes) => (notes as never as Y.Array<unknown>).push([{ deep: [1] }])],
    ["a plain value for an element", "misplaced", (_, notes) => (notes as never as Y.Array<unknown>).push([7])],
    ["an attribute of the whole", "misplaced", (_, notes) => Y.XmlElement.prototype.setAttribute.call(notes, "a", "b")],
    [
      "an attribute with an odd name",
      "bad",
      (_, notes) => {
        const element = paragraph("x");
        notes.insert(0, [element]);
        element.setAttribute("__proto__", "x");
      },
    ],
    ["an element with an odd name", "bad", (_, notes) => notes.insert(0, [new Y.XmlElement("a b")])],
    [
      "a picture in a text",
      "bad",
      (_, notes) => {
        const element = paragraph("");
        notes.insert(0, [element]);
        (element.get(0) as Y.XmlText).insertEmbed(0, { image: "x" });
      },
    ],
    ["a thousand elements in one another", "misplaced", (_, notes) => nest(notes, 1_000)],
  ])("is not %s", (_, verdict, write) => {
    expect(judge(written(write))).toBe(verdict);
  });

  it("is nothing that stands on what was withheld", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    doc.getXmlFragment(NOTES_ROOT).insert(0, [paragraph("one")]);
    (doc.getXmlFragment(NOTES_ROOT).get(0) as Y.XmlElement).insert(1, [new Y.XmlText("two")]);
    doc.getXmlFragment(NOTES_ROOT).delete(0, 1);
    expect(updates.map(judge)).toEqual(["good", "missing", "missing"]);
    expect(judge(Y.mergeUpdates([updates[0]!, updates[2]!]))).toBe("missing");
    expect(judge(Y.mergeUpdates(updates))).toBe("good");
  });

  it("has clients and clocks that every other page can read", () => {
    // One deleted run of 2^40 under client 1: a state vector with it makes lib0 throw after a few more.
    const far = Uint8Array.of(1, 1, 1, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0);
    expect(judge(far)).toBe("bad");
  });

  it("invariant: no mutation of a good update makes the rules throw", () => {
    const good = written((_, notes) => {
      notes.insert(0, [paragraph("hello there")]);
      nest(notes, 4);
    });
    const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(mutated, (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        const read = readUpdate(bytes, () => 0);
        expect(["good", "missing", "bad"]).toContain(read.type);
      }),
      { numRuns: 5_000 },
    );
  });

  it("invariant: no bytes make the frame's reader throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(readWriterFrame(bytes, 7).type).toMatch(/^(step1|update|presence|mark|ignore|bad)$/);
      }),
      { numRuns: 5_000 },
    );
  });
});
