import type { Page } from "playwright-core";
import type { Interview } from "@verbatim/shared/api/interviews";
import { beforeAll, expect, it } from "vitest";
import { admit, joinAsCandidate, joinAsInterviewer, linkOf, signInAs } from "../rehearse/walk.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, enterStage, newInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** What an operator sees, and what people read when the machine carries no more calls. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let late: Guest;
let first: Interview;
let second: Interview;

/** In every way, with nothing beside the page. */
async function looksGood(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await everyWay(page, async (way) => {
    await isAccessible(page, `${name} ${way}`, true);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wider, `${name} ${way}: nothing stands beside the page`).toBe(false);
  });
}

beforeAll(async () => {
  stage = await openStage({ SFU_WORKERS: "1", MAX_CALLS: "1" });
  const client = await enterStage(stage);
  first = await newInterview(client, { title: "First" });
  second = await newInterview(client, { title: "Second" });
  host = await stage.guest("host");
  candidate = await stage.guest("candidate");
  late = await stage.guest("late");
  await signInAs(host.page, stage.url, anna);
});
endAfterwards(() => stage);

const line = (page: Page, name: string) => page.locator("[data-level]").filter({ hasText: name }).first();
const levelOf = (page: Page, name: string) => line(page, name).getAttribute("data-level");

it("the status page is reached by one click, names every process, and nothing that works is red", async () => {
  const { page } = host;
  await page.getByRole("link", { name: "Status of this installation" }).click();
  for (const name of ["sfu", "api", "worker", "capture", "ship", "scribe", "assembler", "Database", "Store"]) {
    await expect.poll(() => levelOf(page, name), { message: name }).toBe("good");
  }
  await reads(page, "0 of 1 places taken");
  await reads(page, /interview-hours in sound/);
  await looksGood(page, "status");
});

it("at the limit a call is red and a second one is refused before anybody joins; the first is recorded on", async () => {
  const desk = await stage.guest("desk");
  await signInAs(desk.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, first.id, false);
  await joinAsCandidate(candidate.page, linkOf(first, "candidate"), false);
  await admit(host.page);
  await lampIs(host.page, "safe", "behind");

  await late.page.goto(linkOf(second, "candidate"));
  await reads(late.page, "All places for calls on this server are taken.");
  await looksGood(late.page, "refused");
  await desk.page.goto(`${stage.url}/status`);
  await expect.poll(() => levelOf(desk.page, "Calls")).toBe("wrong");
  await reads(desk.page, "1 of 1 places taken, 1 recorded");
  await reads(desk.page, /New calls are refused until one ends/);
  // Somebody of the call that runs comes back into it.
  await candidate.page.reload();
  await lampIs(candidate.page, "safe", "behind");

  stage.stack.kill("ship", "SIGSTOP");
  await expect.poll(() => levelOf(desk.page, "ship")).toBe("wrong");
  await reads(desk.page, /read logs\/ship\.log/);
  await looksGood(desk.page, "status-red");
  stage.stack.kill("ship", "SIGCONT");
  await expect.poll(() => levelOf(desk.page, "ship")).toBe("good");
});

it("when the call has ended, the place is free", async () => {
  await host.page.getByRole("button", { name: "End for everyone" }).click();
  await host.page.getByRole("button", { name: "End call now" }).click();
  const again = late.page.getByRole("button", { name: "Try again" });
  const agree = late.page.getByRole("button", { name: "I agree" });
  await expect
    .poll(async () => {
      if (await again.isVisible()) await again.click({ timeout: 5_000 }).catch(() => undefined); // Gone: it was let in.
      return await agree.isVisible();
    })
    .toBe(true);
});
