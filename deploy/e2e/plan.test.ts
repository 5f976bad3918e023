import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { overhear } from "./overhear.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** A plan from the form to the call. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interviewId: string;
let candidatesLink: string;
let observersLink: string;
/** Everything the candidate's browser was sent. */
let sentToCandidate: readonly string[];
const own = "How did you move the money of the bank?";

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).first();
const suggestions = (page: Page) => page.locator("[data-suggestion]");

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: {
      says: [{ atSeconds: 0, text: "Good morning. I worked at a bank in the city for seven years." }],
    },
    observer: { phone: true },
  }));
  const { interview } = await firstInterview(stage);
  interviewId = interview.id;
  [candidatesLink, observersLink] = [linkOf(interview, "candidate"), linkOf(interview, "observer")];
  await signInAs(host.page, stage.url, anna);
  sentToCandidate = overhear(candidate.page);
});
endAfterwards(() => stage);

it("a template is chosen in the form and changed for this interview; a question that was removed comes back", async () => {
  const { page } = host;
  await page.goto(`${stage.url}/interviews/${interviewId}?edit=1`);
  const form = page.getByRole("dialog");
  await form.getByLabel("Template", { exact: true }).selectOption("Software engineer");
  expect(await form.getByLabel("Duration in minutes").inputValue()).toBe("60");
  await form.getByText("Change questions and competencies").click();
  await form.getByRole("textbox", { name: "Question 1", exact: true }).fill(own);
  await button(page, "Remove question 6").click();
  await button(page, "Undo").click();
  await form.getByRole("textbox", { name: "Question 6", exact: true }).waitFor();
  await everyWay(page, (way) => isAccessible(page, `plan-form ${way}`, false));
  // Another choice takes the place of what was written, and gives it back.
  await form.getByLabel("Template", { exact: true }).selectOption("Product manager");
  await reads(page, "What you had written was replaced.");
  await isAccessible(page, "plan-form replaced");
  await button(page, "Undo").click();
  const first = form.getByRole("textbox", { name: "Question 1", exact: true, includeHidden: true });
  expect(await first.inputValue()).toBe(own);
  expect(await form.getByLabel("Duration in minutes").inputValue()).toBe("60");
  expect(await page.getByText("What you had written").count()).toBe(0);
  await button(page, "Save").click();
  await reads(page, "Software engineer, 6 questions, 4 competencies");
});

it("what was not asked is suggested once the candidate has answered, to host and observer, with the reason for it", async () => {
  await joinAsInterviewer(host.page, stage.url, interviewId, false);
  await joinAsCandidate(candidate.page, candidatesLink, false);
  await admit(host.page);
  await joinAsObserver(observer.page, observersLink, "Olga Observer");
  await observer.page.getByRole("tab", { name: "Suggestions" }).click();
  await reads(observer.page, "Questions: 0 of 6 asked");
  await reads(observer.page, "No suggestions yet.");
  // On a phone, too, and without a mouse: what a competency looks like when it is good.
  await observer.page.getByText(/^Competencies: /).press("Enter");
  await observer.page.locator("summary", { hasText: "System design" }).press("Enter");
  await reads(observer.page, "What good looks like: ");
  // Who reads something else meanwhile is told by the tabs.
  await observer.page.getByRole("tab", { name: "Transcript" }).click();
  await host.page.getByRole("tab", { name: "People" }).click();
  await lampIs(host.page, "safe", "behind");
  await candidate.microphone.begin(Date.now() + 300);
  const told = (page: Page, name: string) => page.getByRole("tab", { name: `${name}, 3 new suggestions`, exact: true });
  await told(host.page, "Transcript").waitFor();
  await told(observer.page, "Suggestions").waitFor();
  await isAccessible(observer.page, "plan-told observer phone");
  await everyWay(host.page, (way) => isAccessible(host.page, `plan-told host ${way}`));
  await told(host.page, "Transcript").click();
  await told(observer.page, "Suggestions").click();
  await host.page.getByRole("tab", { name: "Transcript", exact: true }).waitFor();
  await observer.page.getByRole("tab", { name: "Suggestions", exact: true }).waitFor();
  await expect.poll(() => suggestions(host.page).count()).toBe(3);
  await expect.poll(() => suggestions(observer.page).count()).toBe(3);
  await reads(observer.page, "From the plan and what was said, without AI.");
  await everyWay(host.page, (way) => isAccessible(host.page, `plan-host ${way}`));
  await everyWay(observer.page, (way) => isAccessible(observer.page, `plan-observer ${way}`));
});

it("an observer's tick is the host's too, and a pinned suggestion stays; a dismissed one goes for all until that is undone", async () => {
  await observer.page.getByRole("checkbox", { name: own }).check();
  await reads(host.page, "ticked by Olga Observer");
  await reads(host.page, "Questions: 1 of 6 asked");
  await button(observer.page, /^Pin: /).click();
  await reads(host.page, "Pinned by Olga Observer");
  const before = await suggestions(observer.page).count();
  await button(host.page, /^Dismiss: /).click();
  await expect.poll(() => suggestions(observer.page).count()).toBe(before - 1);
  await button(host.page, "Undo").click();
  await expect.poll(() => suggestions(observer.page).count()).toBe(before);
});

it("nothing of the plan is on the candidate's page or in what its browser was sent", async () => {
  const seen = await candidate.page.locator("body").innerText();
  expect(sentToCandidate.length).toBeGreaterThan(5);
  for (const text of [seen, ...sentToCandidate]) {
    expect(text).not.toContain(own);
    expect(text).not.toContain("System design");
    expect(text.toLowerCase()).not.toContain("suggestion");
  }
});
