import type { Interview, Review } from "@verbatim/shared/api/interviews";
import { MAX_OBSERVERS } from "@verbatim/shared/ids";
import type { Page, WebSocket } from "playwright-core";
import { type Everything, installArrival, readArrival } from "./arrival.ts";
import { type Cast, observersOf, present } from "./cast.ts";
import { poll } from "./poll.ts";
import { joinAsObserver, leaveCall, linkOf } from "./walk.ts";

export type CameLate = {
  /** From the press that joins until everything is drawn: joining itself is part of it. Null: not within 30 s, or there was nothing to see. */
  readonly lateJoinMs: number | null;
  /** The live document as it was sent to who came late, without what transport adds. */
  readonly documentBytes: number;
};

/**
 * Somebody who listens comes when everything is said, while everybody else is still in the call: in a browser that runs,
 * with nothing of ours in its cache, writing their name as a person does. Where every place is taken, an observer leaves first.
 */
export async function comeLate(at: {
  readonly cast: Cast;
  readonly interview: Interview;
  readonly review: Review | undefined;
  readonly signal: AbortSignal;
}): Promise<CameLate> {
  const listening = observersOf(at.cast).filter(({ person }) => !person.gone);
  if (listening.length >= MAX_OBSERVERS) await makePlace(at.cast);
  const browser = present(at.cast).at(-1)?.person.context.browser();
  if (!browser) throw new Error("Nobody's browser is left to come late in.");
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ignoreHTTPSErrors: true });
  try {
    await installArrival(context, everythingOf(at));
    const page = await context.newPage();
    const documentBytes = wholeDocument(page);
    await joinAsObserver(page, linkOf(at.interview, "observer"), "Late Observer", "typed");
    const arrival = await poll(() => readArrival(page), 30_000, { signal: at.signal });
    return {
      lateJoinMs: arrival && at.review?.segments.length ? Math.round(arrival.everythingMs) : null,
      documentBytes: documentBytes(),
    };
  } finally {
    await context.close();
  }
}

/** All that was said, what can be asked next, the plan, and who is there. */
const everythingOf = ({ cast, interview, review }: Parameters<typeof comeLate>[0]): Everything => ({
  segments: review?.segments.length ?? 0,
  suggestions: review?.suggestions.filter(({ state }) => state === "open" || state === "pinned").length ?? 0,
  questions: interview.template?.questions.length ?? 0,
  people: present(cast).length + 1,
});

/** An observer who does not control the recording leaves: that asks no question. */
async function makePlace(cast: Cast): Promise<void> {
  for (const { person, seatId } of observersOf(cast).toReversed()) {
    const controller = await person.page
      .locator("[data-controller-seat]")
      .first()
      .getAttribute("data-controller-seat", { timeout: 2_000 })
      .catch(() => null); // It left the call, or crashed: no place to make there.
    if (controller === null || controller === seatId) continue;
    await leaveCall(person.page);
    return;
  }
}

const [SYNC, STEP_2] = [0, 1];

/** Bytes of the first answer to "what do you have" on the document's socket: y-protocols' sync step 2. */
function wholeDocument(page: Page): () => number {
  let bytes = 0;
  const listen = (socket: WebSocket): void => {
    if (!new URL(socket.url()).pathname.startsWith("/live/")) return;
    socket.on("framereceived", ({ payload }) => {
      if (bytes > 0 || typeof payload === "string" || payload[0] !== SYNC || payload[1] !== STEP_2) return;
      let head = 2;
      while ((payload[head] ?? 0) >= 0x80) head++; // The update's length, seven bits a byte.
      bytes = payload.length - head - 1;
    });
  };
  page.on("websocket", listen);
  return () => bytes;
}
