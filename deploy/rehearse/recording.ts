import { control } from "@verbatim/shared/api/call";
import { getInterview, getReview, joinByAccount, type Review } from "@verbatim/shared/api/interviews";
import { type Cast, present } from "./cast.ts";
import { poll } from "./poll.ts";
import type { Target } from "./target.ts";
import { stopRecording } from "./walk.ts";

const FIRST_CHUNK_WITHIN_MS = 60_000;
const MASTER_WITHIN_MS = 120_000;
/** A transcript that has not grown for this long after Stop is taken as whole. */
const QUIET_MS = 4_000;

export async function newestReview(target: Target, interviewId: string): Promise<Review | undefined> {
  const { recordings } = await target.client.call(getReview, { params: { interviewId } });
  return recordings.toSorted((a, b) => b.part - a.part)[0];
}

/** From the press of Start to the store's answer for the first chunk, as the api has it; null when none came. */
export async function firstDurable(target: Target, interviewId: string, clickedMs: number): Promise<number | null> {
  const stored = await poll(
    async () => {
      const review = await newestReview(target, interviewId).catch(() => undefined); // The api may be a fault's victim.
      return (review?.chunks.length ?? 0) > 0;
    },
    FIRST_CHUNK_WITHIN_MS,
    100,
  );
  return stored ? Date.now() - clickedMs : null;
}

/** Presses Stop on the page of whoever controls the recording, or, when that browser is gone, stops by account. */
export async function stopNow(target: Target, interviewId: string, cast: Cast): Promise<number> {
  for (const { person, seatId } of present(cast)) {
    const controller = await person.page
      .locator("[data-controller-seat]")
      .first()
      .getAttribute("data-controller-seat")
      .catch(() => null); // A page without it is not the controller's.
    if (controller === seatId) return await stopRecording(person.page);
  }
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

/** Waits for the master, then for the speakers' files and the last words. `masterMs`: from Stop until the master can be fetched. */
export async function finished(
  target: Target,
  interviewId: string,
  stoppedMs: number,
  say: (line: string) => void,
): Promise<{ review: Review; masterMs: number | null }> {
  const made = await poll(
    async () => {
      const review = await newestReview(target, interviewId).catch(() => undefined); // The api may be a fault's victim.
      if (!review?.masterUrl) return undefined;
      await target.client.download(review.masterUrl);
      return review;
    },
    MASTER_WITHIN_MS,
    50,
  );
  const masterMs = made ? Date.now() - stoppedMs : null;
  say(made ? `The master was ready ${masterMs} ms after Stop` : "No master was made");
  let known = -1;
  let sinceMs = Date.now();
  const quiet = await poll(
    async () => {
      const review = await newestReview(target, interviewId);
      const count = review?.segments.length ?? 0;
      if (count !== known) {
        known = count;
        sinceMs = Date.now();
      }
      return Date.now() - sinceMs >= QUIET_MS && (review?.tracks.length ?? 0) > 0 ? review : undefined;
    },
    60_000,
    250,
  );
  const review = quiet ?? made;
  if (!review) throw new Error("The interview has no recording to review.");
  return { review, masterMs };
}
