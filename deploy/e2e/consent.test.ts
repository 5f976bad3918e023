import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { editInterview } from "@verbatim/shared/api/changes";
import type { Interview } from "@verbatim/shared/api/interviews";
import type { Client } from "../rehearse/client.ts";
import { admit, joinAsInterviewer, linkOf, signInAs, startRecording } from "../rehearse/walk.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, photograph, reads, type Stage } from "./stage.ts";

/** A candidate who says no, then yes, then no in the call. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let second: Guest;
let client: Client;
let interview: Interview;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

/** “Stop recording me”, whole within the window of a phone. */
async function stopInReach(page: Page) {
  const stop = button(page, "Stop recording me");
  await stop.waitFor();
  const box = await stop.boundingBox();
  expect(box && box.x >= 0 && box.x + box.width <= 360 && box.y + box.height <= 640, "in reach on a phone").toBe(true);
  return stop;
}

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, second } = await stage.guests({
    host: {},
    candidate: { phone: true },
    second: { phone: true },
  }));
  ({ client, interview } = await firstInterview(stage, { autoStart: false }));
});
endAfterwards(() => stage);

it("the notice names organisation, contact, what is recorded, who watches, the AI, and how long it is kept", async () => {
  await candidate.page.goto(linkOf(interview, "candidate"));
  for (const fact of [
    /Acme records the sound, the picture and the shared screen of everyone who speaks, and keeps what is written in the chat/,
    /AI program on the organisation's own server/,
    /Anna Host, anna@example.com/,
    /Up to five more people may watch and listen/,
    /for 6 months/,
  ]) {
    await reads(candidate.page, fact);
  }
});

it("a notice that changes while it is read is shown anew, and the old one is not agreed to", async () => {
  const { title, candidateName, startsAt, zone, durationMinutes, autoStart } = interview;
  const draft = { title, candidateName, startsAt, zone, durationMinutes, autoStart, language: "en" as const };
  await client.call(editInterview, { params: { interviewId: interview.id }, body: { ...draft, keptMonths: 9 } });
  await button(candidate.page, "I agree").click();
  await reads(candidate.page, "The notice was changed while you read it.");
  await reads(candidate.page, /for 9 months/);
  await photograph(candidate.page, "notice-changed");
});

it("who does not agree may come in, and the host reads it and cannot start", async () => {
  const { page } = candidate;
  await button(page, "I do not agree").click();
  await reads(page, "You are not recorded");
  await button(page, "Join without recording").click();
  await button(page, "Join the call").click();
  await reads(page, /Planned for/);
  await reads(page, /anna@example.com/);
  await signInAs(host.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await admit(host.page);
  await reads(host.page, "Ada Lovelace does not agree to be recorded. You can go on without a recording.");
  await startRecording(host.page);
  await reads(host.page, /The call can go on without a recording/);
  await lampIs(host.page, "off");
  await reads(page, /You are not recorded/);
});

it("agreeing in the call lets the host start", async () => {
  await button(candidate.page, "Agree to be recorded").click();
  await host.page.getByText("Ada Lovelace does not agree to be recorded. You can").waitFor({ state: "detached" });
  await startRecording(host.page);
  for (const { page } of [host, candidate]) await lampIs(page, "safe", "behind");
});

it("“Stop recording me” pauses at once and tells the host; only the candidate can let it go on", async () => {
  await (await stopInReach(candidate.page)).click();
  for (const { page } of [host, candidate]) await lampIs(page, "paused");
  await reads(host.page, /The recording is paused at \d+:\d\d and goes on only when Ada Lovelace agrees again/);
  await button(host.page, "Resume recording").click();
  await reads(host.page, /The call can go on without a recording/);
  await lampIs(host.page, "paused");
  await button(candidate.page, "Agree to be recorded").click();
  await host.page.getByText(/goes on only when Ada/).waitFor({ state: "detached" });
  await lampIs(host.page, "paused");
  await button(host.page, "Resume recording").click();
  for (const { page } of [host, candidate]) await lampIs(page, "safe", "behind");
});

it("a co-interviewer by link has the same button, and only they can let it go on", async () => {
  const { page } = second;
  await page.goto(linkOf(interview, "co-interviewer"));
  await page.getByLabel("Your name").fill("Cora Second");
  await button(page, "I agree").click();
  await button(page, "Join the call").click();
  const stop = await stopInReach(page);
  await photograph(page, "co-interviewer-may-stop");
  await stop.click();
  for (const { page: each } of [host, candidate, second]) await lampIs(each, "paused");
  await reads(host.page, /The recording is paused at \d+:\d\d and goes on only when Cora Second agrees again/);
  await reads(page, "You are not recorded. The others on your side have been told; the call goes on.");
  await photograph(page, "co-interviewer-stopped");
  await button(host.page, "Resume recording").click();
  await reads(host.page, /Cora Second does not agree to be recorded. The call can go on without a recording/);
  await button(page, "Agree to be recorded").click();
  await host.page.getByText(/goes on only when Cora/).waitFor({ state: "detached" });
  await button(host.page, "Resume recording").click();
  for (const { page: each } of [host, candidate, second]) await lampIs(each, "safe", "behind");
  await stopInReach(page);
  await photograph(host.page, "host-may-stop");
});
