import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.ts";
import { parseFault } from "./fault.ts";
import { readTemplate } from "./read-template.ts";
import { figures } from "./report.ts";
import { screenDelays, wordDelays, wordError } from "./word-timing.ts";

describe("a fault", () => {
  it("is read from its specification", () => {
    expect(parseFault("offline:candidate@20+15")).toMatchObject({
      type: "offline",
      person: "candidate",
      atSeconds: 20,
      forSeconds: 15,
    });
    expect(parseFault("kill:sfu-worker@7.5")).toMatchObject({ type: "kill", process: "sfu-worker", atSeconds: 7.5 });
    expect(parseFault("takeover:2@35")).toMatchObject({ type: "takeover", observer: 2 });
  });

  it("of the speech service is read from its specification", () => {
    expect(parseFault("stt-down@20+15")).toMatchObject({ type: "stt-down", atSeconds: 20, forSeconds: 15 });
    expect(parseFault("stt-slow=800@7.5+10")).toMatchObject({ type: "stt-slow", byMs: 800, forSeconds: 10 });
    expect(() => readArguments(["--url", "http://localhost:3000", "--fault", "stt-down@1+1"])).toThrow(/cannot break/);
  });

  it("of the language model is read, and needs a plan and a model of the rehearsal's own", () => {
    expect(parseFault("llm-down@20+15")).toMatchObject({ type: "llm-down", atSeconds: 20, forSeconds: 15 });
    const withPlan = ["--template", "plan.json", "--fault", "llm-down@1+1"];
    expect(readArguments(withPlan).templateFile).toBe("plan.json");
    expect(() => readArguments(withPlan.slice(2))).toThrow(/needs --template/);
    expect(() => readArguments([...withPlan, "--url", "http://localhost:3000"])).toThrow(/not --url/);
  });

  it.each([
    ["llm-down@20", /must look like llm-down@20/],
    ["llm-up@20+1", /must look like/],
    ["stt-down@20", /must look like stt-down@20/],
    ["stt-down=5@20+3", /must look like/],
    ["stt-slow@20+3", /stt-slow=800/],
    ["stt-slow=800@20", /stt-slow=800/],
    ["stt-gone@20+3", /must look like/],
    ["kill:everything@3", /can kill capture/],
    ["offline:candidate@3", /needs a duration/],
    ["close:boss@3", /a person is/],
    ["takeover:6@3", /number from 1 to 5/],
    ["kill:api@3+4", /only offline/],
    ["nonsense", /must look like/],
  ])("%s is refused with a sentence", (spec, message) => {
    expect(() => parseFault(spec)).toThrow(message);
  });
});

describe("the command line", () => {
  it("names every fault in it at once", () => {
    const wrong = ["--observers", "6", "--store", "tape", "--fault", "takeover:2@1", "--fault", "x"];
    expect(() => readArguments(wrong)).toThrow(/observers must be[^]*store must be[^]*must look like/);
  });

  it("takes a leak below zero, and no other", () => {
    expect(readArguments(["--leak", "-20", "--video"])).toMatchObject({ leakDb: -20, video: true });
    expect(readArguments(["--leak=-6.5"]).leakDb).toBe(-6.5);
    expect(readArguments([]).leakDb).toBeUndefined();
    for (const wrong of ["6", "0", "-90", "loud"])
      expect(() => readArguments(["--leak", wrong])).toThrow(/leak must be/);
    expect(() => readArguments(["--leak", "--video"])).toThrow();
  });

  it("lets observers type, where there are some and their words can be read back", () => {
    expect(readArguments(["--type"]).type).toBe(true);
    expect(readArguments([]).type).toBe(false);
    expect(() => readArguments(["--type", "--observers", "0"])).toThrow(/needs observers/);
    expect(() => readArguments(["--type", "--url", "http://localhost:3000"])).toThrow(/not ours to read/);
  });

  it("orders faults by time", () => {
    const read = readArguments(["--observers", "2", "--fault", "kill:api@9", "--fault", "close:observer2@3"]);
    expect(read.faults.map((fault) => fault.atSeconds)).toEqual([3, 9]);
  });
});

describe("a word's delay", () => {
  const segment = {
    id: "s:1000",
    speaker: "candidate",
    startMs: 1_000,
    endMs: 2_000,
    words: [
      { text: "Hello", startMs: 1_000, endMs: 1_400 },
      { text: "there.", startMs: 1_500, endMs: 2_000 },
    ],
  };

  it("runs from the end of its sound to the first text that has it at its place", () => {
    const seen = [
      { atMs: 101_500, speaker: "candidate", segmentId: null, text: "hello" },
      { atMs: 102_250, speaker: "candidate", segmentId: null, text: "hello there" },
      { atMs: 103_000, speaker: "candidate", segmentId: "s:1000", text: "Hello there." },
    ];
    expect(wordDelays([segment], seen, 100_000, () => 0)).toEqual([100, 250]);
  });

  it("counts from the browser, whose sound stands later in the recording, and not at all where that is unknown", () => {
    const seen = [{ atMs: 103_000, speaker: "candidate", segmentId: "s:1000", text: "Hello there." }];
    expect(wordDelays([segment], seen, 100_000, () => 40)).toEqual([1_640, 1_040]);
    expect(wordDelays([segment], seen, 100_000, () => undefined)).toEqual([]);
  });

  it("on the screen runs from the engine's first answer, and only where that is known", () => {
    const [hello, there] = segment.words;
    const words = [{ ...hello!, answeredMs: 1_450 }, there!];
    const seen = [{ atMs: 101_500, speaker: "candidate", segmentId: null, text: "hello there" }];
    expect(screenDelays([{ ...segment, words }], seen, 100_000)).toEqual([50]);
  });

  it("does not count the other speaker's or another segment's words", () => {
    const seen = [
      { atMs: 101_500, speaker: "interviewer", segmentId: null, text: "hello there" },
      { atMs: 103_000, speaker: "candidate", segmentId: "s:9000", text: "hello there" },
    ];
    expect(wordDelays([segment], seen, 100_000, () => 0)).toEqual([]);
  });
});

it("a plan is read strictly, and what is wrong with it is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plan-"));
  const written = async (content: string) => {
    await writeFile(join(folder, "plan.json"), content);
    return readTemplate(join(folder, "plan.json"));
  };
  const plan = { name: "Engineer", minutes: 45, questions: [], competencies: [] };
  expect(await written(JSON.stringify(plan))).toEqual(plan);
  await expect(written("{")).rejects.toThrow(/plan.json: is not JSON/);
  await expect(written(JSON.stringify({ ...plan, minutes: 1 }))).rejects.toThrow(/minutes must be at least 5/);
  await expect(written(JSON.stringify({ ...plan, more: 1 }))).rejects.toThrow(/more/);
  await expect(readTemplate(join(folder, "none.json"))).rejects.toThrow(/cannot be read/);
  await rm(folder, { recursive: true });
});

it("word error counts the fewest edits", () => {
  expect(wordError(["a", "b", "c", "d"], ["a", "x", "c"])).toBe(0.5);
  expect(wordError(["a"], ["a"])).toBe(0);
});

it("percentiles are values that were measured", () => {
  expect(figures([5, 1, 3])).toEqual({ p50: 3, p95: 5, n: 3 });
  expect(figures([])).toEqual({ p50: null, p95: null, n: 0 });
});
