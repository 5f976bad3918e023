import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Interview } from "@verbatim/shared/api/interviews";
import { type Cast, member, observersOf } from "./cast.ts";
import { collectFiles, copyStore, recordingOf, transcriptOf } from "./collect.ts";
import { compareObservers, engineFigures, wordFigures } from "./measure.ts";
import { type Placed, placeVoices } from "./place-voices.ts";
import { comeLate } from "./late-observer.ts";
import { liveFigures } from "./live-figures.ts";
import { tellLeak } from "./tell-leak.ts";
import { tellPictures } from "./pictures.ts";
import { noneKept, tellKept } from "./tell-kept.ts";
import type { Typed } from "./kept.ts";
import { type Held, settledReview } from "./recording.ts";
import { Report } from "./report.ts";
import type { FaultOutcome } from "./scene.ts";
import { photographReview } from "./review-screen.ts";
import { type Saw, saw } from "./saw.ts";
import type { Voices } from "./voices.ts";

/** A fault with the host's time at which it was injected. */
export type Injected = FaultOutcome & { readonly spec: string; readonly atMs: number };

export type Spoken = {
  readonly held: Held;
  readonly cast: Cast;
  readonly voices: Voices;
  readonly leakDb: number | undefined;
  readonly out: string;
  readonly video: boolean;
  /** Host's time at which both voices began. */
  readonly beginMs: number;
  /** From Stop until the master could be fetched; null: none was made. */
  readonly masterMs: number | null;
  readonly joinMs: readonly number[];
  readonly durableMs: number | null;
  readonly injected: readonly Injected[];
  readonly closed: ReadonlyMap<string, Saw>;
  readonly typed: readonly Typed[];
  readonly interview: Interview;
  readonly reviewerUid: number | undefined;
  readonly say: (line: string) => void;
};

/** When the master is there: waits for what else is made of the interview, writes all of it down and answers the report. What cannot be had is told and left out. */
export async function gather(spoken: Spoken): Promise<Report> {
  const { held, cast, out, beginMs, masterMs, say } = spoken;
  const { target, signal } = held;
  const attempt = async <Answer>(what: string, work: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      signal.throwIfAborted();
      say(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return undefined;
    }
  };

  const review = await settledReview(held, spoken.video);
  if (!review) say("The interview has no recording to review");
  for (const line of review && spoken.video ? tellPictures(review) : []) say(line);

  const seen = await compareObservers(observersOf(cast), review?.segments ?? [], spoken.closed, join(out, "observers"));
  const kept = await attempt("What was typed", () => tellKept({ held, typed: spoken.typed, out, say }));
  const { person } = member(cast, "interviewer");
  const host = person.gone ? undefined : await attempt("The interviewer's page", () => saw(person.page));
  const suggested = [...seen, host ?? spoken.closed.get("interviewer")].flatMap((each) => each?.suggested ?? []);
  const came = await attempt("Who came late", () => comeLate({ cast, interview: spoken.interview, review, signal }));
  if (review) await attempt("The recording's files", () => collectFiles(target.client, review, out));
  const { stack } = target;
  if (stack) await attempt("The store's copy", () => copyStore(stack, held.interviewId, out));
  await attempt("The review page", () =>
    photographReview(held, spoken.reviewerUid, join(out, "screens", "review.png"), review),
  );

  // Without a recording there is no clock to count on: then times count from the voices' begin.
  const zeroMs = review?.startedAt ? Date.parse(review.startedAt) : beginMs;
  const speechStartMs = beginMs - zeroMs;
  const placed =
    (await attempt("The voices' places", () => placeVoices({ voices: spoken.voices, out, speechStartMs }))) ?? [];
  await writeFile(join(out, "placement.json"), `${JSON.stringify(placed satisfies Placed[], null, 2)}\n`);

  const { leakDb } = spoken;
  if (leakDb !== undefined) {
    await attempt("The leak's words", async () => {
      const segments = review?.segments ?? [];
      const { words, wrong } = await tellLeak({
        db: leakDb,
        voices: spoken.voices,
        segments,
        placed,
        speechStartMs,
        out,
      });
      say(`Leak of ${leakDb} dB: ${wrong.length} of ${words} words stand under a speaker who was not speaking then`);
    });
  }

  const report: Report = {
    interviewId: held.interviewId,
    recording: recordingOf(review),
    timings: {
      readyMs: target.readyMs,
      speechStartMs,
      joinMs: [...spoken.joinMs],
      startToFirstDurableMs: spoken.durableMs,
      stopToMasterMs: masterMs,
      wordMs: wordFigures({ segments: review?.segments ?? [], seen, placed, zeroMs }),
      engineMs: engineFigures(review?.segments ?? []),
      takeoverMs: largest(spoken.injected),
    },
    live: {
      documentBytes: came?.documentBytes ?? 0,
      lateJoinMs: came?.lateJoinMs ?? null,
      ...liveFigures({ review, seen, suggested, placed, zeroMs }),
      ...(kept ?? noneKept(spoken.typed)),
    },
    transcript: transcriptOf(review?.segments ?? []),
    observers: seen.map(({ name, segmentsSeen, sameAsServer }) => ({ name, segmentsSeen, sameAsServer })),
    faults: spoken.injected.map(({ spec, atMs, recoveredMs, note }) => ({
      spec,
      atMs: atMs - zeroMs,
      recoveredMs,
      note,
    })),
  };
  await writeFile(join(out, "report.json"), `${JSON.stringify(Report.parse(report), null, 2)}\n`);
  return report;
}

function largest(outcomes: readonly FaultOutcome[]): number | null {
  const measured = outcomes.flatMap((each) => (each.takeoverMs === undefined ? [] : [each.takeoverMs]));
  return measured.length === 0 ? null : Math.max(...measured);
}
