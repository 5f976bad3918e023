import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { cancelInterview, renewLink } from "@verbatim/shared/api/changes";
import type { Interview } from "@verbatim/shared/api/interviews";
import type { Client } from "../rehearse/client.ts";
import { admit, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, enterStage, newInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** What stands before and behind a call: each kind of link that does not work, the doors that do, and the ends. */
let stage: Stage;
let client: Client;
let host: Guest;
let candidate: Guest;
let observer: Guest;

const interviewOn = (startsAt: Date): Promise<Interview> => newInterview(client, { startsAt: startsAt.toISOString() });
const looksGood = (page: Page, name: string) => everyWay(page, (way) => isAccessible(page, `${name} ${way}`));

beforeAll(async () => {
  stage = await openStage();
  client = await enterStage(stage);
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: { says: [{ atSeconds: 1, text: "good morning" }] },
    observer: {},
  }));
  for (const { page } of [host, candidate, observer]) await page.emulateMedia({ reducedMotion: "reduce" });
});
endAfterwards(() => stage);

it("a link that is cut, wrong, withdrawn or of another day says which it is, and a cancelled interview says so", async () => {
  const { page } = candidate;
  const interview = await interviewOn(new Date());
  const good = linkOf(interview, "candidate");
  const [address = "", token = ""] = good.split("#");
  const last = token.endsWith("A") ? "B" : "A";
  const says = async (href: string, name: string, ...texts: readonly (string | RegExp)[]) => {
    // The same page with another fragment is not loaded anew.
    await page.goto("about:blank");
    await page.goto(href);
    for (const text of texts) await reads(page, text);
    await looksGood(page, name);
  };
  await says(address, "link-cut", "This link is not complete: a part of it is missing.", /Copy the whole link/);
  await says(`${address}#${token.slice(0, -9)}`, "link-short", "This link is not complete: a part of it is missing.");
  await says(`${address}#${token.slice(0, -1)}${last}`, "link-wrong", "This link is wrong: nobody was invited by it.");
  await client.call(renewLink, { params: { interviewId: interview.id, role: "candidate" } });
  await says(good, "link-withdrawn", "This link was withdrawn.", /Look for a newer link/);
  const day = 24 * 3600 * 1000;
  await says(linkOf(await interviewOn(new Date(Date.now() + 3 * day)), "candidate"), "link-early", /This is not today/);
  const cancelled = await interviewOn(new Date());
  await client.call(cancelInterview, { params: { interviewId: cancelled.id } });
  await says(linkOf(cancelled, "candidate"), "cancelled", /was cancelled. Anna Host of Acme/);
  await says(`${stage.url}/no/such/page`, "not-found", "There is nothing here.");
});

it("a guest's name, a no to the notice, a place that was left and an interview that is over look right", async () => {
  const interview = await interviewOn(new Date());
  await observer.page.goto(linkOf(interview, "observer"));
  await observer.page.getByLabel("Your name").waitFor();
  await looksGood(observer.page, "guest-name");
  await candidate.page.goto(linkOf(interview, "candidate"));
  await candidate.page.getByRole("button", { name: "I do not agree" }).click();
  await reads(candidate.page, "You are not recorded");
  await looksGood(candidate.page, "declined");

  await signInAs(host.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await candidate.page.getByRole("button", { name: "Read the notice again" }).click();
  await candidate.page.getByRole("button", { name: "I agree" }).click();
  await candidate.page.getByRole("button", { name: "Join the call" }).click();
  await admit(host.page);
  await joinAsObserver(observer.page, linkOf(interview, "observer"), "Olga");
  await lampIs(observer.page, "safe", "behind");
  await observer.page.getByRole("button", { name: "Leave" }).first().click();
  await reads(observer.page, "You have left the call");
  await looksGood(observer.page, "left");
  await host.page.getByRole("button", { name: "End for everyone" }).click();
  await host.page.getByRole("button", { name: "End call now" }).click();
  await reads(candidate.page, "The interview is over");
  await looksGood(candidate.page, "over");
  expect(await candidate.page.locator("video, audio").count()).toBe(0);

  const { page } = host;
  await page.goto(stage.url);
  for (const state of ["Scheduled", "Cancelled", /^(Making the recording|Ready to review)$/]) await reads(page, state);
  await looksGood(page, "list of several");
});
