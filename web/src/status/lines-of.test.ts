import type { Status } from "@verbatim/shared/api/status";
import { describe, expect, it } from "vitest";
import { status as words } from "../words/en/status.ts";
import { duration, size } from "./amounts.ts";
import { linesOf } from "./lines-of.ts";

const well: Status = {
  atMs: 0,
  version: { program: "0.1.0", schema: "0001_first", node: "24.0.0" },
  processes: [{ name: "ship", state: "ready", runningForS: 7_200, memoryBytes: 90_000_000 }],
  calls: { now: 1, most: 4, recording: 1 },
  database: { answeredInMs: 2, version: "15.8", bytes: 20_000_000 },
  store: { kind: "s3", place: "interviews/", answeredInMs: 30, waitingChunks: 0 },
  speech: { engine: "deepgram", waitingS: 1 },
  disk: { store: null, spool: { freeBytes: 50_000_000_000, soundHours: 500, pictureHours: 30 } },
  encryption: [
    { place: "store", state: "yes" },
    { place: "spool", state: "yes" },
    { place: "database", state: "yes" },
  ],
};
const wrong = (over: Partial<Status>) =>
  Object.values(linesOf({ ...well, ...over }, words))
    .flat()
    .filter(({ level }) => level !== "good");

describe("on the status page", () => {
  it("nothing is red when all is well", () => {
    expect(wrong({})).toEqual([]);
    expect(linesOf(well, words).processes[0]?.said).toBe("Ready, for 2.0 h, 90 MB");
  });

  it.each([
    [
      "a silent process",
      { processes: [{ name: "ship", state: "silent", runningForS: null, memoryBytes: null }] },
      /logs\/ship\.log/,
    ],
    [
      "a process whose needs are away",
      { processes: [{ name: "ship", state: "not-ready", runningForS: 1, memoryBytes: 1 }] },
      /other red lines/,
    ],
    [
      "a store that is away",
      { store: { ...well.store, answeredInMs: null, waitingChunks: 3 } },
      /wait on this server's disk/,
    ],
    ["a full house", { calls: { now: 4, most: 4, recording: 4 } }, /MAX_CALLS/],
    ["speech that is behind", { speech: { engine: "deepgram", waitingS: 200 } }, /quota/],
    [
      "a disk that fills",
      { disk: { store: null, spool: { freeBytes: 1e9, soundHours: 10, pictureHours: 0.5 } } },
      /Make room now/,
    ],
    ["a capture that does not say", { disk: { store: null, spool: null } }, /Make room now/],
  ] as const)("%s is red and says what to do", (_, over, remedy) => {
    const lines = wrong(over as Partial<Status>);
    expect(lines.map(({ level }) => level)).toEqual(["wrong"]);
    expect(lines[0]?.remedy).toMatch(remedy);
  });

  it("what an operator chose, or nobody can know, is told without red", () => {
    const lines = wrong({
      speech: { engine: "none", waitingS: null },
      processes: [],
      encryption: [
        { place: "store", state: "unknown" },
        { place: "spool", state: "not-by-this-machine" },
        { place: "database", state: "unknown" },
      ],
    });
    expect(lines.map(({ level }) => level)).toEqual(["note", "note", "note", "note", "note"]);
    expect(lines.find(({ name }) => name === "Store")?.remedy).toMatch("S3_SSE");
  });
});

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_500, "1.5 kB"],
  [23_456_789, "23 MB"],
  [4_200_000_000_000, "4.2 TB"],
])("%d bytes are %s", (bytes, text) => expect(size(bytes)).toBe(text));

it.each([
  [3, "3 s"],
  [600, "10 min"],
  [9_000, "2.5 h"],
  [200_000, "56 h"],
  [864_000, "10 days"],
])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));
