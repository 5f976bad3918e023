import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import {
  admit,
  joinAsCandidate,
  joinAsInterviewer,
  joinAsObserver,
  linkOf,
  signInAs,
  stopRecording,
} from "../rehearse/walk.ts";
import { replayed } from "./heard.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { overhear } from "./overhear.ts";
import { endAfterwards, type Guest, lampIs, openStage, photograph, reads, type Stage } from "./stage.ts";

/** Two people annotate the same sentence while a third corrects it; then the same after the call. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let olga: Guest;
let piet: Guest;
let interview: Awaited<ReturnType<typeof firstInterview>>["interview"];
/** Everything the candidate's browser was sent. */
let sentToCandidate: readonly string[];

const button = (page: Page, name: string | RegExp) =>
  page
    .getByRole("button", { name, exact: typeof name === "string" })
    .filter({ visible: true })
    .first();
const words = (page: Page) => page.locator("[data-segment-id] [data-word]");
const tools = (page: Page) => page.locator("[data-mark-toolbar]:not([hidden])");
const annotations = (page: Page) => page.locator("[data-annotation]");
const texts = async (page: Page): Promise<string> =>
  (await words(page).allTextContents()).map((text) => text.trim()).join(" ");
const saved = (page: Page, state: string) =>
  page.locator(`[data-saved="${state}"]`).first().waitFor({ state: "attached" });
/** Everything that is annotated on a page, as its list says it. */
const listed = (page: Page): Promise<string[]> =>
  annotations(page).evaluateAll((cards) =>
    cards
      .map((card) =>
        [
          card.getAttribute("data-annotation"),
          ...[...card.querySelectorAll("[data-comment] > p:last-child, [data-evidence]")].map(
            (each) => each.textContent,
          ),
        ].join("|"),
      )
      .toSorted(),
  );
/** Presses the first and the last of the sentence's second and third words. */
async function selectTwo(page: Page): Promise<string> {
  await words(page).nth(1).click();
  await words(page).nth(2).click();
  return await tools(page).locator("q").innerText();
}

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, olga, piet } = await stage.guests({
    host: {},
    candidate: {
      says: [{ atSeconds: 0, text: "Good morning. I worked at a bank in the city for seven years." }],
    },
    olga: {},
    piet: { phone: true },
  }));
  ({ interview } = await firstInterview(stage));
  await signInAs(host.page, stage.url, anna);
  sentToCandidate = overhear(candidate.page);
});
endAfterwards(() => stage);

it("words are heard by everybody in the call", async () => {
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
  await admit(host.page);
  await joinAsObserver(olga.page, linkOf(interview, "observer"), "Olga Observer");
  await joinAsObserver(piet.page, linkOf(interview, "observer"), "Piet Observer");
  await lampIs(host.page, "safe", "behind");
  await candidate.microphone.begin(Date.now() + 300);
  for (const { page } of [host, olga, piet]) await expect.poll(() => words(page).count()).toBeGreaterThan(5);
});

it("two annotate the same words, one of them cut off, while a third corrects them: nothing is lost, and all see the same", async () => {
  const before = await texts(olga.page);
  await piet.page.context().setOffline(true);
  const quoted = await selectTwo(piet.page);
  expect(before).toContain(quoted);
  await button(piet.page, "Comment").click();
  await piet.page.getByLabel("Your comment").fill("Written without a network");
  await button(piet.page, "Send").click();
  // Folded out by the press, at once and before anybody has it.
  await reads(piet.page, "Written without a network");
  await saved(piet.page, "offline");

  await selectTwo(host.page);
  await button(host.page, "Correct").click();
  await host.page.getByLabel("What was said").fill("Corrected words");
  await button(host.page, "Save").click();
  await expect.poll(() => texts(olga.page)).toContain("Corrected words");

  // With the keyboard: to a word, along by Shift and an arrow, and on to the tools.
  await words(olga.page).nth(1).focus();
  await olga.page.keyboard.press("Shift+ArrowRight");
  await olga.page.keyboard.press("Enter");
  await expect.poll(() => olga.page.evaluate(() => document.activeElement?.textContent)).toBe("Highlight");
  await button(olga.page, "Evidence").click();
  await olga.page.getByLabel("Evidence for").fill("Experience");
  await button(olga.page, "Level 4 of 5").click();
  await saved(olga.page, "saved");

  await piet.page.context().setOffline(false);
  for (const { page } of [host, olga, piet]) {
    await expect.poll(() => annotations(page).count()).toBe(2);
    await expect.poll(() => texts(page)).toContain("Corrected words");
    await saved(page, "saved");
    // An annotation is here before what was said of it.
    for (const said of ["Written without a network", "Experience 4/5"])
      await expect.poll(async () => (await listed(page)).join()).toContain(said);
  }
  const everywhere = await Promise.all([host, olga, piet].map(({ page }) => listed(page)));
  expect(everywhere[1]).toEqual(everywhere[0]);
  expect(everywhere[2]).toEqual(everywhere[0]);
  await isAccessible(olga.page, "marks-olga");
  await isAccessible(piet.page, "marks-piet");
  await selectTwo(host.page);
  await isAccessible(host.page, "marks-host");
  await host.page.keyboard.press("Escape");
});

it("while the call goes on the words of an annotation are played from the store, on the page of who presses alone", async () => {
  const { page } = host;
  const player = page.getByRole("group", { name: "Played from the recording" });
  await page.getByText("Annotations (2)").click();
  const heard = replayed(page);
  await button(page, /^Play “/).click();
  // Where its file is not stored yet, the page says so, and offers it when it is.
  await expect.poll(() => player.getAttribute("data-replay")).toMatch(/^(playing|over|ready)$/);
  const play = player.getByRole("button", { name: "Play", exact: true });
  if ((await play.count()) > 0) await play.click();
  const { loudest, playedMs } = await heard;
  expect(loudest).toBeGreaterThan(0.05);
  // The words, and the second after them where that is stored by now.
  expect(playedMs).toBeGreaterThan(300);
  await reads(page, "Played to its end.");
  for (const other of [olga, piet, candidate]) expect(await other.page.locator("[data-replay]").count()).toBe(0);
  await page.keyboard.press("Escape");
  await player.waitFor({ state: "detached" });
});

it("nothing of it is in what the candidate's browser was sent", () => {
  expect(sentToCandidate.length).toBeGreaterThan(5);
  for (const text of sentToCandidate) {
    for (const never of ["/media/", "Written without a network", "Experience", "annotat", "Corrected words"]) {
      expect(text).not.toContain(never);
    }
  }
});

it("after the call they are filtered by the address, play their words, and are taken along", async () => {
  const { page } = host;
  await stopRecording(page);
  await lampIs(page, "stopped");
  // What the call's page could not send any more is kept in the browser, and sent by the interview's.
  await page.route(/\/v1\/call\/.*\/marks$/, (route) => route.abort());
  await words(page).nth(0).click();
  await words(page).nth(2).click();
  await button(page, "Tag").click();
  await page.getByLabel("Own tag").fill("greeting");
  await button(page, "Add").click();
  await saved(page, "offline");
  await page.goto(`${stage.url}/interviews/${interview.id}`);
  await page.locator("audio").first().waitFor({ state: "attached" });
  await expect.poll(() => annotations(page).count()).toBe(3);
  await saved(page, "saved");
  expect(await texts(page)).toContain("Corrected words");

  await page.getByLabel("Tag", { exact: true }).selectOption("Experience");
  await expect.poll(() => annotations(page).count()).toBe(1);
  expect(new URL(page.url()).searchParams.get("tag")).toBe("Experience");
  await page.reload();
  await expect.poll(() => annotations(page).count()).toBe(1);
  const filtered = JSON.parse(await downloaded(page, "Annotations as filtered (JSON)"));
  expect(filtered.annotations).toHaveLength(1);
  await page.getByLabel("Tag", { exact: true }).selectOption("");

  await button(page, /^Play “Corrected words”/).click();
  const audio = page.locator("audio").first();
  await expect.poll(() => audio.evaluate((one) => (one as HTMLAudioElement).paused)).toBe(false);
  await button(page, "Pause").click();

  await words(page).nth(0).hover();
  await page.mouse.down();
  await words(page).nth(2).hover();
  await page.mouse.up();
  await button(page, "Tag").click();
  await page.getByLabel("Own tag").fill("welcome");
  await button(page, "Add").click();
  await expect.poll(() => annotations(page).count()).toBe(4);
  await everyWay(page, (way) => isAccessible(page, `marks-review ${way}`, true));
  await page.getByText(/^Corrections/).click();
  await page.locator("[data-correction]").getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => texts(page)).not.toContain("Corrected words");
  await photograph(page, "marks-undone");

  for (const [name, what] of [
    ["Annotations (Markdown)", "Written without a network"],
    ["Annotations (CSV)", `"Olga Observer"`],
    ["Annotations (JSON)", `"after": "Corrected words"`],
  ] as const) {
    expect(await downloaded(page, name)).toContain(what);
  }
});

it("what was not stored when the call ended is sent by the page that says so, after a reload too", async () => {
  const { page } = piet;
  await page.route(/\/v1\/call\/.*\/marks$/, (route) => route.abort());
  await words(page).nth(0).click();
  await button(page, "Comment").click();
  await page.getByLabel("Your comment").fill("Written at the end");
  await button(page, "Send").click();
  await saved(page, "offline");
  await button(host.page, "Join as interviewer").click();
  await button(host.page, "End for everyone").click();
  await button(host.page, "End call now").click();
  await reads(page, "The interview is over");
  await reads(page, "Saving your annotations… Please keep this page open.");
  expect(await page.getByText("You can close this page").count()).toBe(0);
  await page.reload();
  await reads(page, "Saving your annotations…");
  await isAccessible(page, "marks-over");
  await page.unroute(/\/v1\/call\/.*\/marks$/);
  await reads(page, "Your annotations are saved.");
  await host.page.goto(`${stage.url}/interviews/${interview.id}`);
  await expect.poll(async () => (await listed(host.page)).join()).toContain("Written at the end");
});

it("of several words that a correction made of one, whoever presses one has all of them to correct", async () => {
  const { page } = host;
  await button(page, "Select words").click();
  await words(page).nth(0).click();
  await button(page, "Correct").click();
  await page.getByLabel("What was said").fill("three newer words");
  await button(page, "Save").click();
  await expect.poll(() => texts(page)).toContain("three newer words");
  await words(page).filter({ hasText: "newer" }).click();
  expect(await tools(page).locator("q").innerText()).toBe("three newer words");
});

async function downloaded(page: Page, name: string): Promise<string> {
  await button(page, "Download").click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name }).click();
  return await readFile(await (await download).path(), "utf8");
}
