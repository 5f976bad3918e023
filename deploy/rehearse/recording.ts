import { control } from "@verbatim/shared/api/call";
import { getInterview, getReview, joinByAccount, type Review } from "@verbatim/shared/api/interviews";
import { type Cast, present } from "./cast.ts";
import { poll } from "./poll.ts";
import { picturesWhole } from "./pictures.ts";
import { speechWaits } from "./proof-of-work.ts";
import type { Target } from "./target.ts";
import { stopRecording } from "./walk.ts";

const FIRST_CHUNK_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 60_000;
const MASTER_WITHIN_MS = 120_000;
const WORDS_WITHIN_MS = 60_000;
/** A transcript that has not grown for this long after Stop is taken as whole. */
const QUIET_MS = 10_000;
const PICTURE_QUIET_MS = 60_000;
const PICTURES_WITHIN_MS = 300_000;
/** Of an engine that was lost again and again, or has a busy machine. */
const LATE_WORDS_WITHIN_MS = 300_000;

/** One interview of one Verbatim. */
export type Held = { readonly target: Target; readonly interviewId: string; readonly signal: AbortSignal };

async function newestReview({ target, interviewId }: Held): Promise<Review | undefined> {
  const { recordings } = await target.client.call(getReview, { params: { interviewId } });
  return recordings.toSorted((a, b) => b.part - a.part)[0];
}

/** The newest recording, or undefined for now: the api may be a fault's victim. */
const lookAtReview = (held: Held): Promise<Review | undefined> => newestReview(held).catch(() => undefined);

/** From the press of Start to the store's answer for the first chunk, as the api has it; null when none came. */
export async function firstDurable(held: Held, clickedMs: number): Promise<number | null> {
  const stored = await poll(async () => ((await lookAtReview(held))?.chunks.length ?? 0) > 0, FIRST_CHUNK_WITHIN_MS, {
    everyMs: 100,
    signal: held.signal,
  });
  return stored ? Date.now() - clickedMs : null;
}

/**
 * Presses Stop on the page of whoever controls the recording, or, when that browser is gone or does not answer, stops
 * by account, again and again. Null when nothing could stop it.
 */
export async function stopNow(held: Held, cast: Cast): Promise<number | null> {
  for (const { person, seatId, turn } of present(cast)) {
    const controller = await person.page
      .locator("[data-controller-seat]")
      .first()
      .getAttribute("data-controller-seat", { timeout: 2_000 })
      .catch(() => null); // A page without it is not the controller's.
    if (controller !== seatId) continue;
    const stoppedMs = await turn(() => stopRecording(person.page)).catch(() => undefined); // It is cut off, or was closed: by account, then.
    if (stoppedMs !== undefined) return stoppedMs;
  }
  const stopped = await poll(() => stopByAccount(held).catch(() => undefined), STOP_WITHIN_MS, {
    everyMs: 500,
    signal: held.signal,
  }); // The api may be a fault's victim.
  return stopped ?? null;
}

async function stopByAccount({ target, interviewId }: Held): Promise<number> {
  const params = { interviewId, role: "interviewer" };
  await target.client.call(joinByAccount, { params: { interviewId }, body: { role: "interviewer" } });
  const { epoch } = (await target.client.call(getInterview, { params: { interviewId } })).recording;
  const atMs = Date.now();
  const taken = await target.client
    .call(control, { params, body: { action: "take_over", epoch } })
    .catch(() => undefined); // It may be ours already.
  await target.client.call(control, { params, body: { action: "stop", epoch: taken?.epoch ?? epoch } });
  return atMs;
}

/** The host's time at which the newest recording can be fetched whole; null when no master was made. */
export async function masterReady(held: Held): Promise<number | null> {
  const made = await poll(
    async () => {
      const review = await lookAtReview(held);
      if (!review?.masterUrl) return false;
      return await held.target.client.download(review.masterUrl).then(
        () => true,
        () => false, // Its server may be a fault's victim.
      );
    },
    MASTER_WITHIN_MS,
    { signal: held.signal },
  );
  return made ? Date.now() : null;
}

/**
 * The newest recording when its speakers' files are made and its last words and pictures have come; as it is when they
 * do not; undefined when there is none.
 */
export async function settledReview(held: Held, video: boolean): Promise<Review | undefined> {
  let known = -1;
  let sinceMs = Date.now();
  let last: Review | undefined;
  const { stack } = held.target;
  const wordsWait = async (): Promise<boolean> => stack !== undefined && (await speechWaits(stack).catch(() => false)); // Scribe may be a fault's victim.
  const wordsWithinMs = (await wordsWait()) ? LATE_WORDS_WITHIN_MS : WORDS_WITHIN_MS;
  await poll(
    async () => {
      last = (await lookAtReview(held)) ?? last;
      const pictures = last?.pictures.flatMap(({ pieces }) => pieces).length ?? 0;
      const count = (last?.segments.length ?? 0) + pictures;
      if (count !== known || (await wordsWait())) {
        known = count;
        sinceMs = Date.now();
      }
      // Pictures come behind the sound, on a busy machine far behind; of who went away none comes any more.
      const quietMs = video && !(last && picturesWhole(last)) ? PICTURE_QUIET_MS : QUIET_MS;
      return Date.now() - sinceMs >= quietMs && (last?.tracks.length ?? 0) > 0;
    },
    video ? PICTURES_WITHIN_MS : wordsWithinMs,
    { everyMs: 250, signal: held.signal },
  );
  return last;
}
