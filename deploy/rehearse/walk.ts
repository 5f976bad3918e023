import type { Locator, Page } from "playwright-core";
import type { Interview } from "@verbatim/shared/api/interviews";
import type { Account } from "./client.ts";

/**
 * What a person does on the pages, by the names that everybody reads. The one place that knows them:
 * rehearsals and browser tests walk by it.
 */

const PATIENCE_MS = 60_000;

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole("button", { name, exact: typeof name === "string" });

async function press(page: Page, name: string | RegExp): Promise<number> {
  const target = button(page, name).first();
  await target.waitFor({ state: "visible", timeout: PATIENCE_MS });
  const atMs = Date.now();
  await target.click({ timeout: PATIENCE_MS });
  return atMs;
}

/** The address a role is sent to. */
export function linkOf({ links }: Interview, role: string): string {
  const found = links.find((each) => each.role === role);
  if (!found) throw new Error(`The interview has no link for the ${role}.`);
  return found.url;
}

export async function signInAs(page: Page, url: string, account: Account): Promise<void> {
  await page.goto(new URL("/sign-in", url).href);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await press(page, "Sign in");
  await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"), { timeout: PATIENCE_MS });
}

/** The device check's last press. Without picture the camera, which is on at first, is turned off. */
async function passDeviceCheck(page: Page, camera: boolean): Promise<number> {
  if (!camera) await press(page, "Turn camera off");
  return await press(page, "Join the call");
}

/** By account, from the interview's page through the device check. Answers when Join was pressed. */
export async function joinAsInterviewer(
  page: Page,
  url: string,
  interviewId: string,
  camera: boolean,
): Promise<number> {
  await page.goto(new URL(`/interviews/${interviewId}`, url).href);
  await press(page, "Join as interviewer");
  return await passDeviceCheck(page, camera);
}

/** Through the link: notice, consent, devices. Answers when Join was pressed; waits for the host after that. */
export async function joinAsCandidate(page: Page, link: string, camera: boolean): Promise<number> {
  await page.goto(link);
  await press(page, "I agree");
  return await passDeviceCheck(page, camera);
}

/** How long a person takes for one letter. */
const LETTER_MS = 100;

/**
 * Through the link, with a name; there is nothing to check, so that is the press that joins. A name that is `typed` takes as
 * long as a person takes, in which the page gets itself ready.
 */
export async function joinAsObserver(
  page: Page,
  link: string,
  name: string,
  how: "typed" | "at once" = "at once",
): Promise<number> {
  await page.goto(link);
  const field = page.getByLabel("Your name");
  if (how === "typed") await field.pressSequentially(name, { delay: LETTER_MS });
  else await field.fill(name);
  return await press(page, "Continue");
}

export const admit = (page: Page): Promise<number> => press(page, /^Admit/);
export const startRecording = (page: Page): Promise<number> => press(page, "Start recording");

/** Answers when the confirming press was made. */
export async function takeOver(page: Page): Promise<number> {
  await press(page, "Take over");
  return await press(page, "Take over now");
}

/** As somebody who does not control the recording: others are asked first. */
export const leaveCall = (page: Page): Promise<number> => press(page, "Leave");

export const stopRecording = (page: Page): Promise<number> => press(page, "Stop recording");
