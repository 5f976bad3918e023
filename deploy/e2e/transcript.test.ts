import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { builtInTemplates } from "@verbatim/shared/plan/built-in";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { everyWay, isAccessible, settled, sizes } from "./looks.ts";
import { talk } from "./long-talk.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { openRecogniser, type Recogniser } from "./recogniser.ts";
import { endAfterwards, type Guest, lampIs, openStage, photograph, reads, type Stage } from "./stage.ts";
import { stillness, watchStillness } from "./stillness.ts";

/** Twenty minutes of talk, read while more is said. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let recogniser: Recogniser;
let interviewId: string;
/** Where the talk is, ms. */
let atMs = 0;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).first();
const transcript = (page: Page) => page.getByRole("region", { name: "Transcript" });
const lastWords = (page: Page) => page.locator("[data-segment-id]").last();
const large = { width: 1_600, height: 900 };
const long = Array.from({ length: 160 }, (_, n) => ["and", "then", "we", "compared", "every", "balance"][n % 6]).join(
  " ",
);

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: {},
    observer: {},
  }));
  for (const { page } of [host, candidate, observer]) await page.emulateMedia({ reducedMotion: "reduce" });
  const { interview } = await firstInterview(stage, { template: builtInTemplates[1] ?? null });
  await signInAs(host.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
  await admit(host.page);
  await joinAsObserver(observer.page, linkOf(interview, "observer"), "Olga Observer");
  interviewId = interview.id;
});
endAfterwards(() => stage);
afterAll(() => recogniser?.[Symbol.asyncDispose]());

it("twenty minutes of talk are followed to their end, and what is being said looks unfinished", async () => {
  await lampIs(host.page, "safe", "behind");
  recogniser = await openRecogniser(stage.stack, interviewId);
  atMs = await talk(recogniser, 20);
  for (const { page } of [host, observer]) {
    // Told again and again, as an engine does: what it has not told for half a minute is over.
    const unfinished = async () => {
      await recogniser.saying("candidate", atMs, "and in the end it was");
      return await page
        .locator("[data-interim-text]")
        .evaluate((one) => [one.textContent, getComputedStyle(one, "::after").content]);
    };
    await expect.poll(unfinished).toEqual(["and in the end it was", expect.stringContaining("…")]);
    await expect.poll(() => inView(page, "[data-interim-text]")).toBe(true);
  }
});

it("scrolled back, arriving words move nothing that is in view, and Now leads back to them", async () => {
  for (const [page, backPx, size] of [
    [host.page, 80, sizes[0]],
    [observer.page, 2_000, sizes[0]],
    [observer.page, 80, sizes[1]],
  ] as const) {
    await page.setViewportSize(size);
    await transcript(page).hover();
    await page.mouse.wheel(0, -backPx);
    await button(page, "Now").waitFor();
    await watchStillness(page);
    await recogniser.saying("candidate", atMs, long);
    await recogniser.saying("candidate", atMs, "short");
    await recogniser.saying("interviewer", atMs + 500, "yes");
    await recogniser.said("candidate", atMs + 1_000, `long ${long}`);
    // Said before what stands at the end: two people's words overtake one another.
    await recogniser.said("interviewer", atMs - 3_000, `overtaken ${long}`);
    await recogniser.saying("candidate", atMs, "");
    await recogniser.speech({
      state: "off",
      engine: "offline",
      reason: "The speech engine does not answer. ".repeat(4),
    });
    await recogniser.said("candidate", atMs + 60_000, "the last of it");
    await expect.poll(() => page.getByText("the last of it").count()).toBeGreaterThan(0);
    await reads(page, "Transcription is off");
    const { watched, movedPx } = await stillness(page);
    expect(watched).toBeGreaterThan(20);
    expect(movedPx).toBe(0);
    await recogniser.speech({ state: "on", engine: "deepgram", reason: "" });
    await button(page, "Now").click();
    await expect.poll(() => inView(page, "[data-interim-text], [data-segment-id]")).toBe(true);
    await expect.poll(() => lastWords(page).textContent()).toBe("the last of it ");
    atMs += 70_000;
  }
});

it("words are searched by the keyboard: all places are marked and counted, one after another is shown", async () => {
  const { page } = observer;
  await page.setViewportSize(sizes[0]);
  await page.keyboard.press("/");
  const line = page.getByRole("textbox", { name: "Search the words" });
  await line.fill("three WEEKS");
  const counted = page.getByRole("search").getByRole("status");
  await expect.poll(() => counted.textContent()).toMatch(/^(\d+) of \1$/);
  const all = Number((await counted.textContent())?.split(" ").at(-1));
  expect(await page.locator("[data-found]").count()).toBe(2 * all);
  await expect.poll(() => inView(page, "[data-found='current']")).toBe(true);
  await isAccessible(page, "transcript search");
  await line.press("Enter");
  await reads(page, `1 of ${all}`);
  await expect.poll(() => inView(page, "[data-found='current']")).toBe(true);
  await line.press("Shift+Enter");
  await reads(page, `${all} of ${all}`);
  await recogniser.said("candidate", atMs, "and that took three weeks too");
  await reads(page, `${all} of ${all + 1}`);
  await line.fill("never said");
  await reads(page, "Not found");
  await line.press("Escape");
  await button(page, "Search").waitFor();
  expect(await page.locator("[data-found]").count()).toBe(0);
});

it("on a phone a suggestion's words are shown where the transcript stands", async () => {
  const { page } = observer;
  await page.setViewportSize(sizes[1]);
  await page.getByRole("tab", { name: "Suggestions" }).click();
  await recogniser.said("interviewer", atMs + 5_000, "And what broke first?");
  await recogniser.said("candidate", atMs + 8_000, "That was the cache in front of the balances.");
  const asked = page.locator("[data-suggestion-id]").filter({ hasText: "in front of the" }).first();
  await asked.getByRole("button", { name: "Pin" }).click();
  // Much is said meanwhile: the words are none of those that are drawn first.
  atMs += 12_000;
  for (let line = 0; line < 30; line++) {
    atMs += 2_000;
    await recogniser.said(line % 2 ? "candidate" : "interviewer", atMs, "And so on.");
  }
  // Marked for three seconds: looked at on the page itself.
  const shown = page.waitForFunction(standsInView, "[data-shown]", { timeout: 60_000 });
  await page.locator("[data-pinned]").getByRole("button", { name: "Show and play" }).click();
  await shown;
});

it("on a large screen notes stand beside the words and the suggestions", async () => {
  for (const [name, { page }] of Object.entries({ host, observer })) {
    await page.setViewportSize(large);
    await transcript(page).waitFor();
    const notes = name === "host" ? page.getByRole("tab", { name: "Notes" }) : button(page, "Notes");
    await notes.click();
    const editor = page.getByRole("textbox", { name: "Shared notes" });
    await editor.waitFor();
    const places = [transcript(page), page.locator("[data-suggestion-id]").first(), editor];
    const [words, suggestion, written] = await Promise.all(places.map((each) => each.boundingBox()));
    expect(written?.x).toBeGreaterThanOrEqual((words?.x ?? 0) + (words?.width ?? 0));
    for (const box of [words, suggestion, written]) expect(box && box.x + box.width).toBeLessThanOrEqual(large.width);
    expect(Math.min(words?.height ?? 0, suggestion?.height ?? 0, written?.height ?? 0)).toBeGreaterThan(20);
    await isAccessible(page, `notes beside the words ${name}`);
    await editor.evaluate((one) => void (one.dataset["same"] = ""));
    await page.setViewportSize(sizes[0]);
    // Not begun anew, at another place: what one was doing in it goes on.
    await expect.poll(() => page.locator("[data-beside]").count()).toBe(0);
    expect(await page.locator("[data-same]").isVisible()).toBe(true);
    await photograph(page, `${name}-notes-narrower`, true);
    await (name === "host" ? page.getByRole("tab", { name: "Transcript" }) : notes).click();
    await expect.poll(() => editor.count()).toBe(0);
  }
});

it("the candidate reads everybody's captions while a host allows it, no longer, and nothing else of what staff read", async () => {
  const { page } = candidate;
  const captions = page.locator("[data-captions]");
  const before = await captions.boundingBox();
  await host.page.setViewportSize(sizes[0]);
  await host.page.getByRole("tab", { name: /^People/ }).click();
  const allow = host.page.getByRole("switch", { name: "Candidate reads captions of everyone" });
  await allow.check();
  // Captions are sent once, to whom they are for at that moment.
  await expect
    .poll(async () => {
      await recogniser.saying("interviewer", atMs + 12_000, `and then ${long}`);
      return await captions.textContent();
    })
    .toContain("and then");
  await recogniser.said("interviewer", atMs + 12_000, `And then? ${long}`);
  await recogniser.saying("interviewer", atMs + 12_000, "");
  await expect.poll(() => captions.textContent()).toContain("And then?");
  // The height was there before: no picture moved for it.
  expect(await captions.boundingBox()).toEqual(before);
  await host.page.getByRole("tab", { name: "Transcript" }).click();
  for (const [name, { page: seen }] of Object.entries({ host, candidate, observer })) await pictures(seen, name);
  await host.page.getByRole("tab", { name: /^People/ }).click();
  await allow.uncheck();
  await expect.poll(() => captions.textContent()).toBe("");
  const whole = await page.locator("body").innerText();
  for (const hidden of ["Suggestions", "Transcript", "cache in front"]) expect(whole).not.toContain(hidden);
});

it("afterwards the words are searched in the review, and what was asked stands there with them", async () => {
  await button(host.page, "Stop recording").click();
  await lampIs(host.page, "stopped");
  const { page } = host;
  await page.goto(`${stage.url}/interviews/${interviewId}`);
  await transcript(page).waitFor();
  await page.keyboard.press("/");
  await page.getByRole("textbox", { name: "Search the words" }).fill("Three weeks");
  const counted = page.getByRole("search").getByRole("status");
  await expect.poll(() => counted.textContent()).toMatch(/^1 of \d+$/);
  await expect.poll(() => inView(page, "[data-found='current']")).toBe(true);
  await pictures(page, "review", true);
});

/** With SCREENS=folder, to be looked at. */
async function pictures(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env["SCREENS"];
  if (!folder) return;
  await everyWay(page, async (way, { width }) => {
    const panel = button(page, /^Show panel/);
    if (name === "host" && width === sizes[1].width && (await panel.count()) > 0) await panel.click();
    await settled(page);
    await page.screenshot({ path: `${folder}/talk-${name}-${way.replaceAll(" ", "-")}.png`, timeout: 0, fullPage });
  });
}

/** Whether the last of these stands within the transcript's box. */
const inView = (page: Page, what: string): Promise<boolean> => page.evaluate(standsInView, what);

/** Runs in the page. */
function standsInView(what: string): boolean {
  const box = document.querySelector('[role="region"][aria-label="Transcript"]')?.getBoundingClientRect();
  const at = [...document.querySelectorAll(what)].at(-1)?.getBoundingClientRect();
  return box !== undefined && at !== undefined && at.bottom > box.top && at.bottom <= box.bottom;
}
