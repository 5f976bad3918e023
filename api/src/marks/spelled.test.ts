import { expect, it } from "vitest";
import { marksOf } from "@verbatim/shared/marks/marks";
import type { Act } from "@verbatim/shared/marks/act";
import { spellMarks } from "./spelled.ts";

const uuid = (n: number): string => `0b9bd7a4-44a3-4b3a-9c3c-${String(n).padStart(12, "0")}`;
const words = "we moved the =doctor images"
  .split(" ")
  .map((text, n) => ({ text, startMs: 61_000 + n * 300, endMs: 61_250 + n * 300 }));
const acts: Act[] = [
  {
    do: "annotate",
    annotation: uuid(1),
    spans: [{ segmentId: "ada:1", from: 3, to: 5 }],
    tags: ["risk"],
    evidence: [],
  },
  {
    do: "comment",
    annotation: uuid(1),
    comment: uuid(2),
    text: '=HYPERLINK("http://evil.example")\n![x](http://evil.example)',
  },
  { do: "evidence", annotation: uuid(1), competency: "Systems", level: 4 },
  {
    do: "annotate",
    annotation: uuid(3),
    spans: [{ segmentId: "ada:1", from: 0, to: 1 }],
    tags: ["-1+1"],
    evidence: [],
  },
  { do: "annotate", annotation: uuid(4), spans: [{ segmentId: "ada:1", from: 0, to: 2 }], tags: [], evidence: [] },
  { do: "remove", target: uuid(4), removed: true, seen: 5 },
];
const of = {
  title: "Backend engineer",
  marks: marksOf(acts.map((act, n) => ({ id: uuid(50 + n), seq: n + 1, author: "user:1", name: "Ben", atMs: 0, act }))),
  passages: [{ id: "ada:1", part: 1, seatId: "ada", words }],
  speakers: new Map([["ada", { name: "Ada Lovelace", role: "candidate" as const }]]),
};

const everything = { tag: "", by: "", speaker: "" };

it("spells annotations as a list with their times, speakers, words and threads", () => {
  expect(spellMarks("md", of, everything)).toBe(
    [
      "# Backend engineer",
      "",
      "- **00:01:01 Ada Lovelace**: “we” (Ben; -1+1)",
      "- **00:01:01 Ada Lovelace**: “=doctor images” (Ben; risk; Systems 4/5)",
      String.raw`  - Ben: =HYPERLINK("http://evil.example") \!\[x\](http://evil.example)`,
      "",
    ].join("\n"),
  );
});

it("gives a spreadsheet no formula, whoever wrote or said it", () => {
  const csv = spellMarks("csv", of, everything);
  expect(csv.split("\r\n")).toHaveLength(4);
  expect(csv).toContain(`"'=doctor images"`);
  expect(csv).toContain(`"'-1+1"`);
  const cells = csv.slice(1).match(/"(?:[^"]|"")*"/g) ?? [];
  expect(cells.length).toBeGreaterThan(30);
  for (const cell of cells) expect(cell).not.toMatch(/^"[=+\-@\t\r]/);
});

it("holds everything as JSON, corrections too", () => {
  const correct: Act = {
    do: "correct",
    correction: uuid(9),
    span: { segmentId: "ada:1", from: 3, to: 4 },
    text: "docker",
  };
  const change = { id: uuid(99), seq: 99, author: "user:2", name: "Cem", atMs: 0, act: correct };
  const marks = { ...of.marks, corrections: marksOf([change]).corrections };
  expect(JSON.parse(spellMarks("json", { ...of, marks }, everything))).toMatchObject({
    annotations: [{ words: "we" }, { words: "docker images", original: "=doctor images", comments: [{ by: "Ben" }] }],
    corrections: [{ before: "=doctor", after: "docker", by: "Cem", start: "00:01:01.900" }],
  });
});

it("spells what passes a filter alone", () => {
  const words = (filter: Partial<typeof everything>): string[] =>
    JSON.parse(spellMarks("json", of, { ...everything, ...filter })).annotations.map(
      (one: { words: string }) => one.words,
    );
  expect(words({ tag: "risk" })).toEqual(["=doctor images"]);
  expect(words({ tag: "Systems", by: "user:1", speaker: "ada" })).toEqual(["=doctor images"]);
  expect(words({ speaker: "ben" })).toEqual([]);
});
