import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PLACING_RATE, placements } from "./placement.ts";
import type { Speaker } from "./report.ts";
import { decode, resample, type Voices } from "./voices.ts";

/** One utterance on the recording's clock, ms: from where to where it was said at its browser, and where it is heard in the speaker's track (null: nowhere near). */
export type Placed = {
  readonly speaker: Speaker;
  readonly saidMs: number;
  readonly saidToMs: number;
  readonly heardMs: number | null;
};

/** Looks for every utterance of both voices in the tracks that were collected. */
export async function placeVoices(options: {
  readonly voices: Voices;
  /** The rehearsal's folder. */
  readonly out: string;
  readonly speechStartMs: number;
}): Promise<Placed[]> {
  const { speechStartMs } = options;
  const files = await readdir(join(options.out, "tracks"));
  const placed: Placed[] = [];
  for (const speaker of ["interviewer", "candidate"] as const) {
    const file = files.find((name) => name.startsWith(`${speaker}.`));
    const track = file ? await decode(join(options.out, "tracks", file), PLACING_RATE) : new Int16Array();
    const voice = await resample(options.voices[speaker], PLACING_RATE);
    for (const { saidMs, saidToMs, heardMs } of placements(voice, track, speechStartMs)) {
      placed.push({ speaker, saidMs: speechStartMs + saidMs, saidToMs: speechStartMs + saidToMs, heardMs });
    }
  }
  return placed;
}

/** When somebody had said, at their browser, what the recording has at a position: the end of that utterance, found or not. Undefined where none was found. */
export function saidUntilMs(placed: readonly Placed[], speaker: string, atMs: number): number | undefined {
  const lag = lagMs(placed, speaker, atMs);
  if (lag === undefined) return undefined;
  return placed.findLast((each) => each.speaker === speaker && each.saidMs + lag <= atMs)?.saidToMs;
}

/** How much later than at its browser a speaker's sound stands in the recording at a position: what its way there took. Undefined where nothing was found. */
export function lagMs(placed: readonly Placed[], speaker: string, atMs: number): number | undefined {
  const found = placed.flatMap((each) =>
    each.speaker === speaker && each.heardMs !== null
      ? [{ heardMs: each.heardMs, lag: each.heardMs - each.saidMs }]
      : [],
  );
  return (found.findLast((each) => each.heardMs <= atMs) ?? found[0])?.lag;
}
