import { expect, it } from "vitest";
import type { Act, Change } from "./act.ts";
import { listAnnotations, passes, unplaced } from "./listed.ts";
import { marksOf } from "./marks.ts";

const uuid = (n: number): string => `0b9bd7a4-44a3-4b3a-9c3c-${String(n).padStart(12, "0")}`;
const words = (text: string, startMs: number) =>
  text.split(" ").map((word, n) => ({ text: word, startMs: startMs + n * 300, endMs: startMs + n * 300 + 200 }));
const passages = new Map(
  [
    { id: "ada:5000", part: 1, seatId: "ada", words: words("we moved the doctor images", 5_000) },
    { id: "grace:1000", part: 1, seatId: "grace", words: words("tell me more", 1_000) },
    { id: "2/ada:0", part: 2, seatId: "ada", words: words("good morning", 0) },
  ].map((passage) => [passage.id, passage]),
);
const annotate = (n: number, segmentId: string, from: number, to: number, tags: string[] = []): Act => ({
  do: "annotate",
  annotation: uuid(n),
  spans: [{ segmentId, from, to }],
  tags,
  evidence: [],
});
const acts: (readonly [string, Act | Extract<Change["act"], { do: "move" }>])[] = [
  ["Ben", annotate(1, "2/ada:0", 0, 2)],
  ["Ada", annotate(2, "ada:5000", 3, 5, ["risk"])],
  ["Ben", annotate(3, "grace:1000", 0, 3)],
  ["Ada", annotate(4, "elsewhere:0", 0, 1)],
  ["Cem", { do: "correct", correction: uuid(5), span: { segmentId: "ada:5000", from: 3, to: 4 }, text: "docker" }],
  ["Cem", { do: "evidence", annotation: uuid(2), competency: "Systems", level: 4 }],
  ["", { do: "move", annotation: uuid(4), spans: [], lost: ["old words"] }],
];
const marks = marksOf(
  acts.map(([name, act], n) => ({ id: uuid(90 + n), seq: n + 1, author: `user:${name}`, name, atMs: 0, act })),
);
const listed = listAnnotations(marks, passages);

it("lists annotations in the order of speech, with their words as they read now and as they were written", () => {
  expect(listed.map(({ part, startMs, endMs, quote, original }) => [part, startMs, endMs, quote, original])).toEqual([
    [1, 1_000, 1_800, "tell me more", "tell me more"],
    [1, 5_900, 6_400, "docker images", "doctor images"],
    [2, 0, 500, "good morning", "good morning"],
  ]);
  expect(unplaced(marks).map(({ lost }) => lost)).toEqual([["old words"]]);
});

it.each([
  ["everything", {}, 3],
  ["a tag", { tag: "risk" }, 1],
  ["a competency it is evidence for", { tag: "Systems" }, 1],
  ["who made it", { by: "user:Ben" }, 2],
  ["who added to it", { by: "user:Cem" }, 1],
  ["whose words they are", { speaker: "ada" }, 2],
  ["all of these", { speaker: "ada", by: "user:Ben", tag: "risk" }, 0],
])("lets through %s", (_, filter, count) => {
  const asked = { tag: "", by: "", speaker: "", ...filter };
  expect(listed.filter((one) => passes(one, asked))).toHaveLength(count);
});
