import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { setup } from "@verbatim/shared/api/account";
import { createInterview, type Interview } from "@verbatim/shared/api/interviews";
import { createClient } from "../rehearse/client.ts";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, signInAs } from "../rehearse/walk.ts";
import { type Guest, lampIs, openStage, photograph, photographFailure, reads, type Stage } from "./stage.ts";

/** What people in a call do about one another. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interview: Interview;
const account = { email: "anna@example.com", password: "correct horse battery" };
const link = (role: string): string => interview.links.find((one) => one.role === role)?.url ?? "";

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const micIs = (page: Page, name: string, state: string) =>
  page.getByRole("list", { name: "People" }).getByRole("listitem").filter({ hasText: name }).getByText(state).waitFor();

/** Opens a person's menu in the host's list and presses one entry. */
async function does(page: Page, name: string, what: string): Promise<void> {
  await button(page, `Actions for ${name}`).click();
  await page.getByRole("menuitem", { name: what }).click();
}

beforeAll(async () => {
  stage = await openStage();
  [host, candidate, observer] = await Promise.all([
    stage.guest("host"),
    stage.guest("candidate", { phone: true }),
    stage.guest("observer"),
  ]);
  const client = createClient(stage.url);
  await client.call(setup, {
    body: { ...account, name: "Anna Host", organisation: "Acme", code: stage.stack.env["SETUP_CODE"] ?? "" },
  });
  interview = await client.call(createInterview, {
    body: {
      title: "Backend engineer",
      candidateName: "Ada Lovelace",
      startsAt: new Date().toISOString(),
      zone: "UTC",
      durationMinutes: 45,
      language: "en",
      autoStart: false,
    },
  });
  await signInAs(host.page, stage.url, account);
  await joinAsInterviewer(host.page, stage.url, interview.id, true);
  await joinAsCandidate(candidate.page, link("candidate"), true);
  await admit(host.page);
  await joinAsObserver(observer.page, link("observer"), "Olga Observer");
  await button(host.page, "Hide panel").waitFor();
  await host.page.getByRole("tab", { name: /^People/ }).click();
});
afterAll(() => stage?.[Symbol.asyncDispose]());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await photographFailure([host, candidate, observer], task.name);
});

it("the host mutes a person, who reads by whom, and only that person can unmute", async () => {
  await micIs(host.page, "Ada Lovelace", "microphone on");
  await does(host.page, "Ada Lovelace", "Mute");
  await reads(candidate.page, "Anna Host muted you. Press Unmute when you want to speak.");
  await micIs(host.page, "Ada Lovelace", "muted");
  await photograph(candidate.page, "muted-by-host");
  await does(host.page, "Ada Lovelace", "Ask to unmute");
  await reads(candidate.page, "Anna Host asks you to unmute.");
  await micIs(host.page, "Ada Lovelace", "muted");
  await button(candidate.page, "Unmute").click();
  await candidate.page.getByText("asks you to unmute").waitFor({ state: "detached" });
  await micIs(host.page, "Ada Lovelace", "microphone on");
});

it("while nothing is recorded and two people talk, every staff page says so; Start is on the host's", async () => {
  await reads(host.page, "Not recording. What you say now is not kept.");
  await reads(observer.page, "Not recording. What is said now is not kept. The interviewer can start.");
  expect(await candidate.page.getByText(/^Not recording\. What/).count()).toBe(0);
  await photograph(host.page, "not-recording");
  await photograph(observer.page, "not-recording-observer");
  await host.page.getByRole("alert").getByRole("button", { name: "Start recording" }).click();
  for (const { page } of [host, observer]) {
    await lampIs(page, "safe", "behind");
    await page.getByText(/^Not recording\. What/).waitFor({ state: "detached" });
  }
});

it("keys show the list, one person large, and the page in full; an observer's too", async () => {
  for (const { page } of [host, observer]) {
    const list = page.getByRole("region", { name: "Shortcuts" });
    await page.locator("body").press("?");
    await list.getByText("Full screen, or back").waitFor();
    await photograph(page, `shortcuts-${page === host.page ? "host" : "observer"}`);
    await page.locator("body").press("Escape");
    await list.waitFor({ state: "detached" });
    const large = page.locator("figure[data-pinned='true']");
    await page.locator("body").press("l");
    expect(await large.getAttribute("aria-label")).toBe("Ada Lovelace");
    await photograph(page, `large-${page === host.page ? "host" : "observer"}`);
    await page.getByRole("button", { name: "Show Ada Lovelace as before" }).click();
    await large.waitFor({ state: "detached" });
    await page.locator("body").press("f");
    await expect.poll(() => page.evaluate(() => document.fullscreenElement === document.documentElement)).toBe(true);
    await page.locator("body").press("f");
    await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
  }
});

it("the host removes who listens: at once, for good in that browser, and the place is free", async () => {
  await does(host.page, "Olga Observer", "Remove from the call");
  await reads(host.page, /Remove Olga Observer from the call\?/);
  await host.page.getByText("To be sure, renew the link").waitFor();
  await photograph(host.page, "remove-question", true);
  await button(host.page, "Remove now").click();
  await reads(observer.page, "You are not in the call");
  await observer.page.goto(link("observer"));
  await reads(observer.page, "The host closed your place in this call.");
  await host.page.getByText("Olga Observer").first().waitFor({ state: "detached" });
});

it("a candidate who was removed asks at the door again by their link", async () => {
  await does(host.page, "Ada Lovelace", "Remove from the call");
  await button(host.page, "Remove now").click();
  await reads(candidate.page, "You are not in the call");
  await photograph(candidate.page, "removed");
  await candidate.page.goto(link("candidate"));
  await button(candidate.page, "Join the call").click();
  await admit(host.page);
  await micIs(host.page, "Ada Lovelace", "microphone on");
});
