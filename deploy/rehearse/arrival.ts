import type { BrowserContext, Page } from "playwright-core";

/** What is to stand on an observer's page: so many of each, and the recording's lamp. */
export type Everything = {
  readonly segments: number;
  readonly suggestions: number;
  readonly questions: number;
  readonly people: number;
};

/** From the last press until it was drawn, ms. `screen`: all that one sees, the newest words among it. `everything`: the older words too. */
export type Arrival = { readonly screenMs: number; readonly everythingMs: number };

/**
 * Measures by the page's own clock, from the browser's time of the press: what the one who presses costs, and how often the
 * page is asked, is in no figure.
 */
export async function installArrival(context: BrowserContext, everything: Everything): Promise<void> {
  await context.addInitScript(pageArrival, everything);
}

/** Undefined until everything was drawn. */
export async function readArrival(page: Page): Promise<Arrival | undefined> {
  return await page.evaluate(() => (window as unknown as { __arrival?: Arrival }).__arrival);
}

/** Runs in the page. Self-contained: it is sent there as text. */
function pageArrival(wanted: Everything): void {
  let pressedMs = 0;
  let screen: Promise<number> | undefined;
  addEventListener("click", ({ timeStamp }) => (pressedMs = timeStamp), { capture: true });
  const count = (of: string): number => document.querySelectorAll(of).length;
  const isOnScreen = (): boolean =>
    count("[data-segment-id]") >= Math.min(1, wanted.segments) &&
    count("[data-suggestion-id]") >= wanted.suggestions &&
    count("details input[type=checkbox]") >= wanted.questions &&
    count("[data-seat][data-presence]") >= wanted.people &&
    count("[data-lamp]") > 0;
  /** The first task behind a frame's work comes when that frame was drawn. */
  const drawn = (): Promise<number> =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressedMs))));
  const seen = new MutationObserver(() => {
    if (!screen && isOnScreen()) screen = drawn();
    if (!screen || count("[data-segment-id]") < wanted.segments) return;
    seen.disconnect();
    void Promise.all([screen, drawn()]).then(([screenMs, everythingMs]) => {
      (window as unknown as { __arrival: Arrival }).__arrival = { screenMs, everythingMs };
    });
  });
  seen.observe(document, { subtree: true, childList: true, attributes: true });
}
