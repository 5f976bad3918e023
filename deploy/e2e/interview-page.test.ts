import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { Interview } from "@verbatim/shared/api/interviews";
import { joinAsInterviewer, signInAs } from "../rehearse/walk.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, openStage, reads, type Stage } from "./stage.ts";

/** What staff change about an interview after it was made, and what the candidate reads of it. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let interview: Interview;
/** Tomorrow morning. */
const startsAt = new Date(new Date(Date.now() + 86_400_000).setUTCHours(9, 0, 0, 0)).toISOString();

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).first();
const link = (page: Page, name: string | RegExp) => page.getByRole("link", { name }).first();
const candidatesLink = (page: Page): Promise<string> =>
  page.getByRole("textbox", { name: "Candidate's link" }).inputValue();

/** Nothing serious for assistive technology in any way; a drawer is looked at as far as the window goes. */
const looksRight = (page: Page, name: string, drawer = false): Promise<void> =>
  everyWay(page, (way) => isAccessible(page, `${name} ${way}`, !drawer));

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
  ({ host, candidate } = await stage.guests({
    host: {},
    candidate: { phone: true },
  }));
  ({ interview } = await firstInterview(stage, { startsAt, autoStart: false }));
  await host.page.emulateMedia({ reducedMotion: "reduce" });
  await signInAs(host.page, stage.url, anna);
  await host.page.goto(`${stage.url}/interviews/${interview.id}`);
  await button(host.page, "Join as interviewer").waitFor();
});
endAfterwards(() => stage);

it("a link is withdrawn only after a question; then it says so to who opens it, and whom to ask, until that is undone", async () => {
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
  expect(await page.getByRole("textbox", { name: "Candidate's link" }).count()).toBe(0);
  await looksRight(page, "withdrawn");
  await candidate.page.goto(before);
  await reads(candidate.page, /This link was withdrawn\. .*Anna Host of Acme \(anna@example\.com\)/);
  // The focus stands where the way back is.
  await page.keyboard.press("Enter");
  await reads(page, /Works since/);
  expect(await candidatesLink(page)).toBe(before);
  // The same page with the same fragment is not loaded anew.
  await candidate.page.goto("about:blank");
  await candidate.page.goto(before);
  await reads(candidate.page, "What is recorded");
});

it("a new link works in place of a withdrawn one, and another new one ends it", async () => {
  const { page } = host;
  await button(page, "Withdraw the link for the candidate").click();
  await button(page, "Withdraw now").click();
  await reads(page, /Withdrawn since/);
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

it("another title and time stand on the candidate's page and in the calendar entry; faults stand at their fields", async () => {
  const { page } = host;
  await button(page, "Edit").click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Title").fill("");
  await form.getByLabel("Time zone").fill("Europe/Nowhere");
  await button(page, "Save").click();
  await reads(page, "Title is needed");
  await reads(page, "Time zone must be a time zone such as Europe/Vienna");
  await form.getByLabel("Title").fill("Frontend engineer");
  await form.getByLabel("Duration in minutes").fill("30");
  await form.getByLabel("Date and time").fill(`${startsAt.slice(0, 10)}T16:20`);
  await form.getByLabel("Time zone").fill("UTC");
  await form.getByLabel("Contact").fill("+43 1 234567");
  await form.getByLabel("Months kept").fill("3");
  await looksRight(page, "edit", true);
  await button(page, "Save").click();
  await form.waitFor({ state: "detached" });
  await reads(page, /Saved\. The links stay the same/);
  const moved = `${startsAt.slice(0, 10)}T16:20:00.000Z`;
  expect(await calendarEntry(page, "Calendar entry for the candidate")).toContain(`DTSTART:${icsTime(moved)}`);
  await looksRight(page, "interview");
  await candidate.page.reload();
  await reads(candidate.page, "Frontend engineer");
  await reads(candidate.page, "30 minutes");
  await reads(candidate.page, "+43 1 234567");
  await reads(candidate.page, /for 3 months/);
  const said = await candidate.page.evaluate(
    (at) =>
      new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" }).format(
        new Date(at),
      ),
    moved,
  );
  await reads(candidate.page, said);
  await reads(candidate.page, /It was moved; before it was planned for/);
});

it("is cancelled after a question, which the list and the links say, until that is undone", async () => {
  const { page } = host;
  await button(page, "Cancel interview").click();
  await button(page, "Cancel it now").click();
  await reads(page, "This interview is cancelled");
  await looksRight(page, "cancelled");
  expect(await button(page, "Edit").count(), "nothing to change until that is undone").toBe(0);
  await reads(page, "This interview was cancelled. Undo that first to change it.");
  expect(await calendarEntry(page, "Calendar entry for the candidate")).toContain("STATUS:CANCELLED");
  await candidate.page.reload();
  await reads(candidate.page, "This interview was cancelled");
  await reads(candidate.page, "+43 1 234567");
  await link(page, "Interviews").click();
  await reads(page, "Cancelled");
  await looksRight(page, "list-cancelled");
  await link(page, "Open Frontend engineer, Ada Lovelace").click();
  await button(page, "Undo the cancellation").click();
  await button(page, "Cancel interview").waitFor();
  await candidate.page.reload();
  await reads(candidate.page, "What is recorded");
});

it("a notice written for this interview is what the candidate reads, until the standard text is back", async () => {
  const { page } = host;
  await button(page, "Edit").click();
  const form = page.getByRole("dialog");
  const text = form.getByRole("textbox", { name: "Notice" });
  await expect.poll(() => text.inputValue()).toMatch(/^The lamp at the top[^]*You may say no/);
  await text.fill("We are a small company.\n\nOnly Anna listens to the recording.");
  await form.getByText("As the candidate will read it").click();
  await form.locator("p", { hasText: "Only Anna listens to the recording." }).waitFor();
  await reads(page, /Acme records the sound, the picture and the shared screen/);
  await reads(page, /Your own text, version/);
  await form.getByText(/Your own text, version/).scrollIntoViewIfNeeded();
  await looksRight(page, "edit-notice", true);
  await button(page, "Save").click();
  await form.waitFor({ state: "detached" });
  await candidate.page.reload();
  await reads(candidate.page, "We are a small company.");
  await reads(candidate.page, "Only Anna listens to the recording.");
  await reads(candidate.page, /Acme records the sound/);
  // What people must know is left out by no wording.
  await reads(candidate.page, /Acme is responsible/);
  await reads(candidate.page, /for 3 months/);
  expect(await candidate.page.getByText("The lamp at the top").count()).toBe(0);
  await button(page, "Edit").click();
  await button(page, "Reset to the standard text").click();
  await expect.poll(() => text.inputValue()).toMatch(/^The lamp at the top/);
  await button(page, "Save").click();
  await form.waitFor({ state: "detached" });
  await candidate.page.reload();
  await reads(candidate.page, /The lamp at the top/);
});

it("the form says when a language has no notice of its own, new and edited", async () => {
  const { page } = host;
  await link(page, "Interviews").click();
  await button(page, "New interview").click();
  const language = page.getByLabel("Language");
  const none = page.getByText("There is no notice in Maltese: the candidate reads the English one.");
  await language.selectOption("mt");
  await none.waitFor();
  await reads(page, /there will be no live transcript; the recording is not affected/);
  const text = page.getByRole("textbox", { name: "Notice" });
  await text.fill("B'Malti.");
  await reads(page, /Only your own text is in Maltese/);
  await language.selectOption("pl");
  await none.waitFor({ state: "detached" });
  await expect.poll(() => text.inputValue()).toMatch(/^Lampka/);
  await language.selectOption("mt");
  expect(await text.inputValue(), "what was written in a language stays with it").toBe("B'Malti.");
  await button(page, "Reset to the standard text").click();
  await none.waitFor();
  await language.scrollIntoViewIfNeeded();
  await looksRight(page, "new-maltese", true);
  await page.goto(`${stage.url}/interviews/${interview.id}`);
});

it("while people are in the call the form says that only title and names still change", async () => {
  const { page } = candidate;
  await button(page, "I agree").click();
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await host.page.locator("[data-lamp]").first().waitFor();
  const desk = await host.page.context().newPage();
  await desk.goto(`${stage.url}/interviews/${interview.id}`);
  await reads(desk, "1 person in the call");
  await button(desk, "Edit").click();
  await reads(desk, /People are in the call/);
  const form = desk.getByRole("dialog");
  expect(await form.getByLabel("Date and time").isDisabled()).toBe(true);
  await form.getByLabel("Title").fill("Staff engineer");
  await looksRight(desk, "edit-locked", true);
  await button(desk, "Save").click();
  await form.waitFor({ state: "detached" });
  await reads(desk, "Staff engineer, Ada Lovelace");
  await desk.close();
});
