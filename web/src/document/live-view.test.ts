import { documentSegmentId } from "@verbatim/shared/document/live";
import { packWordTimes } from "@verbatim/shared/document/word-times";
import { recordingOff } from "@verbatim/shared/recording/view";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { emptyView, type LiveView, measuredLast, readNow, readView, wordsOf } from "./live-view.ts";

const seat = "0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11";
const all = new Set(["meta", "participants", "transcript", "suggestions"]);

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

const told = (view: LiveView, said: readonly unknown[], whole = false): LiveView =>
  readNow(view, whole, JSON.stringify(said));
const interim = [seat, { startMs: 10, text: "so we" }];

it("shows a speaker's interim words until it is told that they are over", () => {
  const said = told(emptyView, [interim]);
  expect(said.interim).toEqual([{ seatId: seat, startMs: 10, text: "so we" }]);
  expect(told(said, [["another", { startMs: 5, text: "yes" }]]).interim).toHaveLength(2);
  expect(told(said, [[seat, null]]).interim).toEqual([]);
  expect(told(said, [], true).interim).toEqual([]);
});

it("takes interim words away in the picture that shows the final ones, and nobody else's", () => {
  const { doc, read } = liveDoc();
  const said = told(emptyView, [interim, ["another", { startMs: 5, text: "yes" }]]);
  say(doc, 10, "so we ran");
  const after = read(said);
  expect(after.interim.map(({ seatId }) => seatId)).toEqual(["another"]);
  const next = told(after, [[seat, { startMs: 9_000, text: "and then" }]]);
  say(doc, 600, "came late");
  expect(read(next).interim).toHaveLength(2);
});

it("shows the newest that is known of the recording, told or written, and keeps it when nothing is told", () => {
  const { doc, read } = liveDoc();
  const at = (measuredAtMs: number) => ({ ...recordingOff, measuredAtMs });
  doc.getMap("meta").set("recording", at(1_000));
  expect(read().recording).toEqual(at(1_000));
  const now = told(read(), [["recording", at(3_000)]], true);
  expect(read(now).recording).toEqual(at(3_000));
  expect(told(now, [], true).recording).toEqual(at(3_000));
  expect(told(now, [["recording", at(3_500)]]).interim).toBe(now.interim);
  doc.getMap("meta").set("recording", at(4_000));
  expect(read(now).recording).toEqual(at(4_000));
});

it("leaves out what does not fit the words, and does not throw", () => {
  const { doc, read } = liveDoc();
  doc.getMap("meta").set("recording", { lamp: "green" });
  doc.getMap("participants").set("x", { name: 5 });
  doc.getArray("transcript").push([["only an id"]]);
  say(doc, 100, "still read");
  const view = told(read(), [
    ["recording", { lamp: "green" }],
    [seat, { text: 5 }],
  ]);
  expect(view.recording).toBeUndefined();
  expect(view.interim).toEqual([]);
  expect([readNow(view, false, "not JSON"), readNow(view, false, "[5]")]).toEqual([view, view]);
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

it("shows the figures that were measured last, whichever way they came", () => {
  const older = { ...recordingOff, onServerMs: 1_000, measuredAtMs: 1_000 };
  const newer = { ...recordingOff, onServerMs: 2_000, measuredAtMs: 2_000 };
  expect(measuredLast(older, newer)).toBe(newer);
  expect(measuredLast(newer, older)).toBe(newer);
  expect(measuredLast(undefined, older)).toBe(older);
  expect(measuredLast(older, recordingOff)).toBe(older);
});
