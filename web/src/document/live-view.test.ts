import { documentSegmentId } from "@verbatim/shared/document/live";
import { packWordTimes } from "@verbatim/shared/document/word-times";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { emptyView, type LiveView, readView, wordsOf } from "./live-view.ts";

const seat = "0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11";
const all = new Set(["meta", "participants", "now", "transcript", "suggestions"]);

function say(doc: Y.Doc, startMs: number, text: string, part = 1): void {
  const times = text.split(" ").map((_, i) => ({ startMs: startMs + i * 300, endMs: startMs + i * 300 + 200 }));
  doc.getArray("transcript").push([[documentSegmentId(part, seat, startMs), seat, text, packWordTimes(times)]]);
}

function liveDoc(): { doc: Y.Doc; read: (before?: LiveView) => LiveView } {
  const doc = new Y.Doc();
  return { doc, read: (before = emptyView) => readView(doc, before, all) };
}

it("reads segments with each word's place", () => {
  const { doc, read } = liveDoc();
  say(doc, 1_230, "we ran both systems");
  const [segment] = read().segments;
  expect(segment).toMatchObject({
    id: `${seat}:1230`,
    seatId: seat,
    text: "we ran both systems",
    startMs: 1_230,
    endMs: 2_330,
  });
  expect(segment?.words.map((word) => word.startMs)).toEqual([1_230, 1_530, 1_830, 2_130]);
});

it("keeps what it read before, and reads only the new end", () => {
  const { doc, read } = liveDoc();
  say(doc, 0, "one");
  const before = read();
  say(doc, 5_000, "two");
  const after = read(before);
  expect(after.segments).toHaveLength(2);
  expect(after.segments[0]).toBe(before.segments[0]);
  expect(read(after).segments).toBe(after.segments);
});

it("puts a later part behind the earlier one, whose clock began at 0 too, and late words of a part among its own", () => {
  const { doc, read } = liveDoc();
  say(doc, 61_003, "the first part");
  say(doc, 1_007, "the second part", 2);
  say(doc, 30_000, "came late");
  const before = read();
  say(doc, 500, "the second begins", 2);
  expect(read(before).segments.map(({ part, startMs, text }) => [part, startMs, text])).toEqual([
    [1, 30_000, "came late"],
    [1, 61_003, "the first part"],
    [2, 500, "the second begins"],
    [2, 1_007, "the second part"],
  ]);
});

it("shows a speaker's interim words until they are taken away", () => {
  const { doc, read } = liveDoc();
  doc.getArray("now").push([[seat, { startMs: 10, text: "so we" }]]);
  expect(read().interim).toEqual([{ seatId: seat, startMs: 10, text: "so we" }]);
  doc.getArray("now").delete(0);
  expect(read().interim).toEqual([]);
});

it("leaves out what does not fit the words, and does not throw", () => {
  const { doc, read } = liveDoc();
  doc.getArray("now").push([["recording", { lamp: "green" }], [seat, { text: 5 }], "neither"]);
  doc.getMap("participants").set("x", { name: 5 });
  doc.getArray("transcript").push([["only an id"]]);
  say(doc, 100, "still read");
  const view = read();
  expect(view.recording).toBeUndefined();
  expect(view.interim).toEqual([]);
  expect(view.participants).toEqual([]);
  expect(view.segments.map((segment) => segment.text)).toEqual(["", "still read"]);
});

it("keeps words whose times are missing", () => {
  expect(wordsOf("a b c", packWordTimes([{ startMs: 10, endMs: 20 }]))).toEqual([
    { text: "a", startMs: 10, endMs: 20 },
    { text: "b", startMs: 20, endMs: 20 },
    { text: "c", startMs: 20, endMs: 20 },
  ]);
});
