import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readArguments } from "../rehearse/arguments.ts";
import { rehearse } from "../rehearse/rehearse.ts";
import { Report } from "../rehearse/report.ts";
import { plain, wordError } from "../rehearse/word-timing.ts";

/** One rehearsal with what breaks most: the recorder, a person's network, and who is in control. */
const run = promisify(execFile);
let out: string;
let report: Report;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "verbatim-rehearsed-"));
  const faults = ["kill:capture@12", "offline:candidate@19+5", "takeover:1@30", "kill:api@33"].flatMap((spec) => [
    "--fault",
    spec,
  ]);
  const options = readArguments(["--out", out, "--observers", "2", "--seconds", "38", ...faults]);
  await rehearse(options, process.env, () => undefined, new AbortController().signal);
  report = Report.parse(JSON.parse(await readFile(join(out, "report.json"), "utf8")));
}, 240_000);
afterAll(() => rm(out, { recursive: true, force: true }));

const gaps = (cause: string, speaker?: string) =>
  report.recording.gaps.filter((gap) => gap.cause === cause && (speaker === undefined || gap.speaker === speaker));
const total = (some: { startMs: number; endMs: number }[]): number =>
  some.reduce((sum, gap) => sum + gap.endMs - gap.startMs, 0);

it("the recording is assembled though its recorder was killed, and what that cost is named", () => {
  expect(report.recording.state).toBe("complete_with_gaps");
  expect(new Set(report.recording.chunks.map((chunk) => chunk.run)).size).toBe(2);
  expect(total(gaps("recorder", "candidate"))).toBeGreaterThan(0);
  expect(total(gaps("recorder", "candidate"))).toBeLessThanOrEqual(3_000);
});

it("a network that was away is one labelled gap as long as it was away, and the person talks again", () => {
  const away = gaps("disconnect", "candidate");
  expect(Math.abs(total(away) - 5_000)).toBeLessThan(1_500);
  expect(gaps("disconnect", "interviewer")).toEqual([]);
  const [offline] = report.faults.filter((fault) => fault.spec.startsWith("offline"));
  expect(offline?.note).toContain("stood still");
  expect(offline?.recoveredMs).not.toBeNull();
});

it("a takeover shows on every other page within a second", () => {
  expect(report.timings.takeoverMs).not.toBeNull();
  expect(report.timings.takeoverMs).toBeLessThanOrEqual(1_000);
});

it("every observer's page ends with the transcript that is stored", () => {
  expect(report.observers.map((one) => one.sameAsServer)).toEqual([true, true]);
});

it("what was said outside the faults is understood, where it was said", () => {
  const said = "good morning and welcome to our office please tell me about your last job";
  const heard = report.transcript.filter(
    (one) => one.speaker === "interviewer" && one.startMs < report.timings.speechStartMs + 11_000,
  );
  expect(wordError(plain(said), plain(heard.map((one) => one.text).join(" ")))).toBeLessThanOrEqual(0.3);
  const first = heard[0]?.startMs ?? 0;
  expect(Math.abs(first - (report.timings.speechStartMs + 500))).toBeLessThan(1_000);
});

it("each stored chunk decodes alone to its stated length, and the master to the recording's", async () => {
  for (const chunk of report.recording.chunks) {
    const ms = await decodedMs(join(out, "store", chunk.key));
    expect(Math.abs(ms - (chunk.endMs - chunk.startMs)), chunk.key).toBeLessThanOrEqual(20);
  }
  expect(Math.abs((await decodedMs(join(out, "master.mp3"))) - report.recording.durationMs)).toBeLessThanOrEqual(36);
});

it("no process of the rehearsal is left", async () => {
  const left: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""); // It ended, or is not ours.
    if (/DATA_DIR=[^\0]*verbatim-rehearsal-/.test(environment)) left.push(pid);
  }
  expect(left).toEqual([]);
});

/** What a decoder makes of a file, ms: counted samples, not what a header says. */
async function decodedMs(file: string): Promise<number> {
  const args = ["-v", "error", "-xerror", "-i", file, "-f", "s16le", "-ac", "1", "-ar", "48000", "-"];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: 1 << 28 });
  return stdout.length / 2 / 48;
}
