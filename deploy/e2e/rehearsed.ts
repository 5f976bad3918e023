import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { readArguments } from "../rehearse/arguments.ts";
import type { Placed } from "../rehearse/place-voices.ts";
import { rehearse } from "../rehearse/rehearse.ts";
import { Report, type Speaker } from "../rehearse/report.ts";
import { VOICE_RATE } from "../rehearse/microphone.ts";
import { readScript, speakScript } from "../rehearse/voices.ts";
import { plain } from "../rehearse/word-timing.ts";
import { processesNaming } from "./traces.ts";

const run = promisify(execFile);

/** Sound is heard in the recording this near to where it was said. */
const PLACED_WITHIN_MS = 50;

const Word = z.object({ text: z.string(), startMs: z.number(), endMs: z.number() });
export const Transcript = z.array(z.object({ role: z.string(), words: z.array(Word) }));

/** A rehearsal that was held, with what it wrote. Dispose removes that. */
export type Rehearsed = AsyncDisposable & {
  readonly report: Report;
  readonly placed: readonly Placed[];
  /** A file of what it wrote. */
  file(...parts: string[]): string;
  fault(what: string): Report["faults"][number];
  /** Gaps of one cause, or of any. */
  gaps(speaker: Speaker, cause?: string): Gap[];
  /** Processes of it that run still. */
  readonly left: readonly string[];
};
type Span = { readonly startMs: number; readonly endMs: number };
type Gap = Report["recording"]["gaps"][number];

export async function rehearsed(...options: string[]): Promise<Rehearsed> {
  // Short, because Chromium has a socket below it; and open, because everybody in it runs as a user of their own.
  const folder = await mkdtemp(join(tmpdir(), "held-"));
  await chmod(folder, 0o1777);
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  const out = join(folder, "out");
  try {
    const read = readArguments(["--out", out, ...options]);
    await rehearse(read, process.env, () => undefined, new AbortController().signal);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  const report = Report.parse(JSON.parse(await readFile(join(out, "report.json"), "utf8")));
  return {
    report,
    placed: JSON.parse(await readFile(join(out, "placement.json"), "utf8")) as Placed[],
    file: (...parts) => join(out, ...parts),
    fault(what) {
      const found = report.faults.find(({ spec }) => spec.startsWith(what));
      if (!found) throw new Error(`There was no fault ${what}.`);
      return found;
    },
    gaps: (speaker, cause) =>
      report.recording.gaps.filter((gap) => gap.speaker === speaker && (cause === undefined || gap.cause === cause)),
    left: await processesNaming(folder),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export const total = (spans: readonly Span[]): number =>
  spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

/** The recorder places sound by what came in this time around it. */
const AROUND_MS = 2_000;
/** The recorder follows a microphone that stood still for less than this without a word. */
const UNTOLD_STALL_MS = 150;

type Found = Placed & {
  /** How far from its place it may be heard: what its own microphone, on a machine this busy, stood still around it. */
  readonly slackMs: number;
};

/** Utterances between two seconds of the voices whose begin no gap has: a stall near them may move them, or cut them out of recognition. */
export function found(of: Rehearsed, fromSeconds: number, toSeconds: number): Found[] {
  const second = (each: Placed): number => (each.saidMs - of.report.timings.speechStartMs) / 1000;
  return of.placed
    .filter((each) => second(each) >= fromSeconds && second(each) < toSeconds)
    .flatMap((each) => {
      const stalls = near(of.gaps(each.speaker, "capture_stall"), each.saidMs - AROUND_MS, each.saidMs + AROUND_MS);
      const lost = near(of.gaps(each.speaker), each.saidMs - PLACED_WITHIN_MS, each.saidMs + 500);
      if (lost.length > 0 || (each.heardMs === null && stalls.length > 0)) return [];
      return [{ ...each, slackMs: PLACED_WITHIN_MS + UNTOLD_STALL_MS + total(stalls) }];
    });
}

/** Of those, the ones that are heard elsewhere. */
export const misplaced = (some: readonly Found[]): Found[] =>
  some.filter(({ saidMs, heardMs, slackMs }) => heardMs !== null && Math.abs(heardMs - saidMs) > slackMs);

/** How many are not heard near their place, of all. A stall too short to be told, in the middle of a begin, hides that one. */
export const hiddenShare = (some: readonly Found[]): number =>
  some.filter(({ heardMs }) => heardMs === null).length / Math.max(1, some.length);

/** The share that is heard right where it was said. Stalls move some; a clock that is off would leave none. */
export const exactShare = (some: readonly Found[]): number =>
  some.filter(({ saidMs, heardMs }) => heardMs !== null && Math.abs(heardMs - saidMs) <= PLACED_WITHIN_MS).length /
  Math.max(1, some.length);

const near = (gaps: readonly Gap[], fromMs: number, toMs: number): Gap[] =>
  gaps.filter((gap) => gap.startMs < toMs && gap.endMs > fromMs);

const script = async (speaker: Speaker) =>
  readScript(await readFile(join(import.meta.dirname, "..", "rehearse", "scripts", `${speaker}.txt`), "utf8"));

/** The scripts as WAV files, each to the last line that begins before its second; answers the options that name them. */
export async function writeVoices(folder: string, until: Readonly<Record<Speaker, number>>): Promise<string[]> {
  const options = [];
  for (const [speaker, voice] of [
    ["interviewer", "rms"],
    ["candidate", "slt"],
  ] as const) {
    const lines = (await script(speaker)).filter(({ atSeconds }) => atSeconds < until[speaker]);
    const [raw, wav] = ["pcm", "wav"].map((ending) => join(folder, `${speaker}.${ending}`)) as [string, string];
    await writeFile(raw, (await speakScript(lines, voice)).pcm);
    await run("ffmpeg", ["-v", "error", "-f", "s16le", "-ar", String(VOICE_RATE), "-ac", "1", "-i", raw, wav]);
    options.push(`--${speaker}`, wav);
  }
  return options;
}

/** What was said whole before a second, and what the transcript has of it: every line of the scripts in which nothing is missing. */
export async function understood(of: Rehearsed, seconds: number): Promise<{ said: string[]; heard: string[] }> {
  const lines = [];
  for (const speaker of ["interviewer", "candidate"] as const)
    for (const line of await script(speaker)) lines.push({ ...line, speaker });
  lines.sort((a, b) => a.atSeconds - b.atSeconds);
  const segments = Transcript.parse(JSON.parse(await readFile(of.file("transcript.json"), "utf8")));
  const both = { said: [] as string[], heard: [] as string[] };
  for (const [index, { speaker, atSeconds, text }] of lines.entries()) {
    const next = lines[index + 1]?.atSeconds ?? Infinity;
    if (next > seconds) break;
    // The scripts leave 0.6 s between lines: half of that belongs to each.
    const fromMs = of.report.timings.speechStartMs + (atSeconds - 0.3) * 1000;
    const toMs = of.report.timings.speechStartMs + (next - 0.3) * 1000;
    if (near(of.gaps(speaker), fromMs, toMs).length > 0) continue;
    const words = segments.filter(({ role }) => role === speaker).flatMap((segment) => segment.words);
    const heard = words.filter(({ startMs, endMs }) => startMs + endMs >= 2 * fromMs && startMs + endMs < 2 * toMs);
    both.said.push(...plain(text));
    both.heard.push(...plain(heard.map((word) => word.text).join(" ")));
  }
  return both;
}

/** What a decoder makes of a file, ms: counted samples, not what a header says. */
export async function decodedMs(file: string): Promise<number> {
  const args = ["-v", "error", "-xerror", "-i", file, "-f", "s16le", "-ac", "1", "-ar", "48000", "-"];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: 1 << 28 });
  return stdout.length / 2 / 48;
}
