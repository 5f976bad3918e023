import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { overhear } from "./overhear.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** Notes in the call and after it. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interviewId: string;
let links: { readonly candidate: string; readonly observer: string };
/** Everything the browser of each was sent. */
const sent = new Map<Guest, readonly string[]>();

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).first();
const shared = (page: Page) => page.getByRole("textbox", { name: "Shared notes" });
const own = (page: Page) => page.getByRole("textbox", { name: "Private notes" });
const choose = (page: Page, which: "Shared" | "Private") =>
  page.getByRole("radiogroup", { name: "Whose notes" }).getByText(which, { exact: true }).click();
/** At once, as from a dictation: what is typed letter by letter is not one text in the traffic. */
const write = async (page: Page, where: ReturnType<typeof shared>, text: string): Promise<void> => {
  await where.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
};
const saved = (page: Page) => page.locator("[data-notes=saved][data-connection=live]").waitFor();

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: {
      says: [{ atSeconds: 0, text: "Good morning. I worked at a bank in the city for seven years." }],
    },
    observer: {},
  }));
  for (const guest of [host, candidate, observer]) sent.set(guest, overhear(guest.page));
  const { interview } = await firstInterview(stage);
  interviewId = interview.id;
  links = { candidate: linkOf(interview, "candidate"), observer: linkOf(interview, "observer") };
  await signInAs(host.page, stage.url, anna);
});
endAfterwards(() => stage);

it("host and observer write together, and each sees who is there", async () => {
  await joinAsInterviewer(host.page, stage.url, interviewId, false);
  await joinAsCandidate(candidate.page, links.candidate, false);
  await admit(host.page);
  await joinAsObserver(observer.page, links.observer, "Olga Observer");
  await lampIs(host.page, "safe", "behind");
  await candidate.microphone.begin(Date.now() + 300);
  await host.page.getByRole("tab", { name: "Notes" }).click();
  await button(observer.page, "Notes").click();
  await shared(host.page).waitFor();
  await shared(observer.page).waitFor();
  await shared(host.page).focus();
  await host.page.keyboard.type("## Bank");
  await shared(observer.page).getByRole("heading", { name: "Bank" }).waitFor();
  await host.page.keyboard.press("Enter");
  await write(host.page, shared(host.page), "Seven years of it.");
  await shared(observer.page).getByText("Seven years of it.").waitFor();
  await write(observer.page, shared(observer.page), " Ask about money.");
  await shared(host.page).getByText("Seven years of it. Ask about money.").waitFor();
  await reads(host.page, "Also here: Olga Observer");
  await shared(host.page).locator("[data-caret='Olga Observer']").waitFor();
  await Promise.all([saved(host.page), saved(observer.page)]);
});

it("an @ is the moment, and pressing it shows the words there and plays them", async () => {
  await observer.page.locator("[data-segment-id] [data-word]").first().waitFor();
  await write(host.page, shared(host.page), " ");
  await host.page.keyboard.type("@and then");
  const moment = shared(host.page).locator("[data-moment]");
  await expect.poll(() => moment.innerText()).toMatch(/^@\d+:\d\d$/);
  await saved(host.page);
  // They are marked for 3 s: whoever looks later must still hear of it.
  const shown = host.page.waitForFunction(() => document.querySelector("[data-word][data-shown]") !== null, undefined, {
    polling: 100,
  });
  await moment.click();
  await shown;
  await host.page.getByRole("tab", { name: "Notes" }).click();
  // Plays, or says when it can be played.
  const player = host.page.getByRole("group", { name: "Played from the recording" });
  await player.waitFor();
  const panel = button(host.page, /^Show panel/);
  await everyWay(host.page, async (way) => {
    if (await panel.isVisible()) await panel.click();
    // Two of four: a look takes seconds, and colours and sizes are the same ones in the others.
    if (way === "desktop light" || way === "phone dark") await isAccessible(host.page, `notes-host ${way}`);
  });
  await isAccessible(observer.page, "notes-observer desktop");
  await host.page.keyboard.press("Escape");
  await player.waitFor({ state: "detached" });
  await write(host.page, shared(host.page), " ");
  await host.page.keyboard.type("@0:01 before");
  await shared(observer.page).getByText("@0:01", { exact: true }).waitFor();
  expect(await moment.count()).toBe(2);
  await saved(host.page);
});

it("private notes are nobody else's, on no page and in no traffic", async () => {
  await choose(host.page, "Private");
  await write(host.page, own(host.page), "canary of the host");
  await saved(host.page);
  await choose(observer.page, "Private");
  await own(observer.page).waitFor();
  await write(observer.page, own(observer.page), "canary of the observer");
  await saved(observer.page);
  await choose(observer.page, "Shared");
  await choose(host.page, "Shared");
  const all = (guest: Guest): string => sent.get(guest)?.join("\n") ?? "";
  expect(all(observer)).toContain("Seven years");
  expect(all(observer)).not.toContain("canary of the host");
  expect(all(host)).not.toContain("canary of the observer");
  expect(all(candidate)).not.toMatch(/canary|Seven years/);
});

it("what is written while the server is away is kept, over a reload too, and both sides' words come together", async () => {
  const tickets = "**/notes/ticket";
  await Promise.all([host, observer].map(({ page }) => page.route(tickets, (route) => route.abort())));
  stage.stack.kill("api", "SIGKILL");
  await write(host.page, shared(host.page), " Host offline.");
  await write(observer.page, shared(observer.page), " Observer offline.");
  await reads(host.page, "Offline, kept here");
  await reads(observer.page, "Offline, kept here");
  // Each would go, both together would not: the server takes so much at once and no more.
  const lines = Array.from({ length: 384 }, (_, n) => `${n}`.padEnd(50, " pasted"));
  await host.page.evaluate((text) => navigator.clipboard.writeText(text), lines.join("\n"));
  await host.page.keyboard.press("Control+V");
  await shared(host.page).getByText("383 pasted").waitFor();
  await host.page.keyboard.press("Control+V");
  await reads(host.page, "That is too long to be pasted at once.");
  expect(await shared(host.page).getByText("383 pasted").count()).toBe(1);
  await host.page.unroute(tickets);
  await shared(host.page).getByText("Host offline.").waitFor();
  await saved(host.page);
  await observer.page.unroute(tickets);
  // Back in the call by itself: a reload of a call's page does not leave it.
  await observer.page.reload();
  await button(observer.page, "Notes").click();
  for (const { page } of [host, observer]) {
    for (const text of ["Host offline.", "Observer offline."]) await shared(page).getByText(text).waitFor();
  }
  await saved(observer.page);
});

it("after the call they are on the interview's page, where a moment plays", async () => {
  const { page } = host;
  await button(page, "End for everyone").click();
  await button(page, "End call now").click();
  await reads(page, "The interview is over");
  // The server is away for a moment while the page fetches its parts: they come by themselves, and with their style.
  await page.route(/\/assets\/review-section-.*\.css$/, (route) => route.abort(), { times: 2 });
  await page.goto(`${stage.url}/interviews/${interviewId}`);
  await reads(page, /^A part of this page could not be loaded/);
  await shared(page).getByText("Observer offline.").waitFor();
  const sheets = () => [...document.styleSheets].map(({ href }) => href ?? "");
  expect((await page.evaluate(sheets)).some((href) => /\/review-section-/.test(href))).toBe(true);
  await page.locator("audio").waitFor({ state: "attached" });
  await write(page, shared(page), " Afterwards.");
  await saved(page);
  await isAccessible(page, "notes-review desktop light", true);
  await shared(page).locator("[data-moment]").first().click();
  await expect.poll(() => page.locator("audio").evaluate((audio: HTMLAudioElement) => audio.paused)).toBe(false);
  await choose(page, "Private");
  await own(page).getByText("canary of the host").waitFor();
});
