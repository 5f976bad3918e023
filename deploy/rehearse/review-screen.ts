import type { Review } from "@verbatim/shared/api/interviews";
import type { Page } from "playwright-core";
import { openPerson } from "./person.ts";
import type { Held } from "./recording.ts";
import { signInAs } from "./walk.ts";

/** The review page as its owner sees it, in a browser of its own. A page without words is photographed, too. */
export async function photographReview(
  held: Held,
  uid: number | undefined,
  file: string,
  review: Review | undefined,
): Promise<void> {
  const { target, interviewId, signal } = held;
  await using reviewer = await openPerson({
    name: "review",
    uid,
    speaks: false,
    viewport: { width: 1280, height: 720 },
    onLine: () => undefined,
    prepare: async () => undefined,
    signal,
  });
  const { page } = reviewer;
  await signInAs(page, target.url, target.account);
  await page.goto(new URL(`/interviews/${interviewId}`, target.url).href);
  const words = page.locator("[data-segment-id]").first();
  await words.waitFor({ timeout: 10_000 }).catch(() => undefined); // Nothing was said, or understood: that is its picture.
  await showPictures(page, review).finally(() => page.screenshot({ path: file }));
}

/** Goes to the middle of the recording, where every speaker whose camera is held there must be seen. */
async function showPictures(page: Page, review: Review | undefined): Promise<void> {
  const middleMs = Math.round((review?.durationMs ?? 0) / 200) * 100;
  const seen = (review?.pictures ?? []).filter(
    ({ kind, pieces }) => kind === "camera" && pieces.some((one) => one.startMs <= middleMs && one.endMs > middleMs),
  );
  if (seen.length === 0) return;
  await page.getByRole("slider", { name: "Position" }).fill(String(middleMs));
  for (const { seatId } of seen)
    await page.locator(`[data-kind=camera][data-seat="${seatId}"][data-showing=shown]`).waitFor({ timeout: 30_000 });
}
