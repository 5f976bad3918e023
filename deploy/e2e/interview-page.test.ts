import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { setup } from "@verbatim/shared/api/account";
import { createInterview, type Interview } from "@verbatim/shared/api/interviews";
import { createClient } from "../rehearse/client.ts";
import { signInAs } from "../rehearse/walk.ts";
import { type Guest, openStage, photograph, photographFailure, reads, type Stage } from "./stage.ts";

/** What staff change about an interview after it was made, and what the candidate reads of it. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let interview: Interview;
const account = { email: "anna@example.com", password: "correct horse battery" };
/** Tomorrow, at ten in Vienna's winter and eleven in its summer: the year does not matter. */
const startsAt = new Date(new Date(Date.now() + 86_400_000).setUTCHours(9, 0, 0, 0)).toISOString();

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).first();
const link = (page: Page, name: string | RegExp) => page.getByRole("link", { name }).first();
const candidatesLink = (page: Page): Promise<string> => page.getByLabel("Candidate's link").first().inputValue();

/** Nothing serious for assistive technology; with SCREENS=folder a picture of each way. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await photograph(page, `${name}-${colorScheme}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${name} ${colorScheme}: ${id} ${nodes[0]?.target.join(" ")}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** What a press on a calendar button saves, its folded lines whole again. */
async function calendarEntry(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), link(page, name).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8").replaceAll("\r\n ", "");
}

/** The line's value, as a calendar reads it: `20261120T090000Z`. */
const icsTime = (iso: string): string => `${iso.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

beforeAll(async () => {
  stage = await openStage();
  [host, candidate] = await Promise.all([stage.guest("host"), stage.guest("candidate", { phone: true })]);
  const client = createClient(stage.url);
  await client.call(setup, {
    body: { ...account, name: "Anna Host", organisation: "Acme", code: stage.stack.env["SETUP_CODE"] ?? "" },
  });
  interview = await client.call(createInterview, {
    body: {
      title: "Backend engineer",
      candidateName: "Ada Lovelace",
      startsAt,
      zone: "Europe/Vienna",
      durationMinutes: 45,
      language: "en",
      autoStart: false,
    },
  });
  await signInAs(host.page, stage.url, account);
  await host.page.goto(`${stage.url}/interviews/${interview.id}`);
  await button(host.page, "Join as interviewer").waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await photographFailure([host, candidate], task.name);
});

it("a link is withdrawn only after a question; then it says so to who opens it, and whom to ask", async () => {
  const { page } = host;
  const before = await candidatesLink(page);
  await button(page, "Withdraw the link for the candidate").click();
  await reads(page, /The link stops at once/);
  await looksRight(page, "withdraw-asked");
  await page.keyboard.press("Escape");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
    .toBe("Withdraw the link for the candidate");
  await page.keyboard.press("Enter");
  await button(page, "Withdraw now").click();
  await reads(page, /Withdrawn since/);
  expect(await page.getByLabel("Candidate's link").locator("input").count()).toBe(0);
  await looksRight(page, "withdrawn");
  await candidate.page.goto(before);
  await reads(candidate.page, /This link was withdrawn\. .*Anna Host of Acme \(anna@example\.com\)/);
});

it("a new link works, and another new one ends it", async () => {
  const { page } = host;
  await button(page, "New link for the candidate").click();
  await reads(page, /Works since/);
  const second = await candidatesLink(page);
  await candidate.page.goto(second);
  await reads(candidate.page, "What is recorded");
  await button(page, "New link for the candidate").click();
  await button(page, "Make a new link").click();
  await expect.poll(() => candidatesLink(page)).not.toBe(second);
  await candidate.page.goto(second);
  await reads(candidate.page, /This link was withdrawn/);
  await candidate.page.goto(await candidatesLink(page));
  await reads(candidate.page, "What is recorded");
});

it("the calendar entry has the planned time and the role's link; one's own has no link of others", async () => {
  const { page } = host;
  const theirs = await calendarEntry(page, "Calendar entry for the candidate");
  expect(theirs).toContain(`DTSTART:${icsTime(startsAt)}`);
  expect(theirs).toContain(`URL:${await candidatesLink(page)}`);
  const own = await calendarEntry(page, "Calendar entry for yourself");
  expect(own).toContain(`DTSTART:${icsTime(startsAt)}`);
  expect(own).toContain(`URL:${stage.url}/interviews/${interview.id}`);
  expect(own).not.toContain("#");
});
