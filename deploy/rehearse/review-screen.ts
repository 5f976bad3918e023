import { openPerson } from "./person.ts";
import type { Held } from "./recording.ts";
import { signInAs } from "./walk.ts";

/** The review page as its owner sees it, in a browser of its own. A page without words is photographed, too. */
export async function photographReview(held: Held, uid: number | undefined, file: string): Promise<void> {
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
  await signInAs(reviewer.page, target.url, target.account);
  await reviewer.page.goto(new URL(`/interviews/${interviewId}`, target.url).href);
  const words = reviewer.page.locator("[data-segment-id]").first();
  await words.waitFor({ timeout: 10_000 }).catch(() => undefined); // Nothing was said, or understood: that is its picture.
  await reviewer.page.screenshot({ path: file });
}
