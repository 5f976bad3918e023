import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { getReview, type Interview } from "@verbatim/shared/api/interviews";
import type { Client } from "../rehearse/client.ts";
import { poll } from "../rehearse/poll.ts";
import { admit, joinAsInterviewer, linkOf, signInAs, stopRecording } from "../rehearse/walk.ts";
import { openFirefox, playedSeconds, press, shows } from "./firefox.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { PATIENCE_MS } from "./patience.ts";
import { type Guest, lampIs, openStage, photographFailure, reads, type Stage } from "./stage.ts";

/** The candidate and an observer come with Firefox, the host with Chromium. Each fact builds on the one before. */
const CALL_SECONDS = 120;
let stage: Stage;
let host: Guest;
const browsers: Browser[] = [];
let candidate: Page;
let observer: Page;
let client: Client;
let interview: Interview;
let recordingSince: number;

const newPage = async (options?: Parameters<typeof openFirefox>[0]): Promise<Page> => {
  const firefox = await openFirefox(options);
  browsers.push(firefox);
  const page = await firefox.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport({ width: 1280, height: 720 });
  return page;
};
const growing = async (page: Page): Promise<boolean> => {
  const before = await playedSeconds(page);
  return (await poll(async () => (await playedSeconds(page)) > before + 0.5, PATIENCE_MS, { everyMs: 100 })) === true;
};

beforeAll(async () => {
  stage = await openStage();
  ({ client, interview } = await firstInterview(stage));
  host = await stage.guest("host", { says: [{ atSeconds: 1, text: "good morning and welcome to our office" }] });
  await signInAs(host.page, stage.url, anna);
});
afterAll(async () => {
  await Promise.all(browsers.map((firefox) => firefox.close()));
  await stage?.[Symbol.asyncDispose]();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  await photographFailure([host], task.name);
  const folder = process.env["SCREENS"];
  for (const [name, page] of Object.entries({ candidate, observer })) {
    if (folder && page) await page.screenshot({ path: `${folder}/firefox-${name}.png` });
  }
});

it("the candidate agrees, checks the devices and joins; both hear each other and recording starts", async () => {
  await joinAsInterviewer(host.page, stage.url, interview.id, true);
  candidate = await newPage();
  await candidate.evaluateOnNewDocument(() => {
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (type) => {
      const lock = await request(type);
      document.documentElement.dataset["awake"] = lock.type;
      return lock;
    };
  });
  await candidate.goto(linkOf(interview, "candidate"));
  await shows(candidate, "What is recorded");
  await press(candidate, "I agree");
  await press(candidate, "Join the call");
  await admit(host.page);
  await lampIs(host.page, "safe", "behind");
  recordingSince = Date.now();
  expect(await growing(candidate), "the candidate hears the host").toBe(true);
  const heard = () =>
    host.page.evaluate(() =>
      Math.max(
        0,
        ...[...document.querySelectorAll<HTMLAudioElement>("audio[data-voice]")].map((one) => one.currentTime),
      ),
    );
  const before = await heard();
  await expect.poll(heard, { timeout: 60_000 }).toBeGreaterThan(before + 0.5);
});

it("the call keeps the screen awake, its speaker is tested, and a screen can be shared", async () => {
  expect(await candidate.evaluate(() => document.documentElement.dataset["awake"])).toBe("screen");
  await candidate.locator('::-p-aria([name="Share screen"][role="button"])').wait();
  await press(candidate, "Devices");
  // No sound card, and no silence about it: the test of the speaker ends, and says what to do.
  await press(candidate, "Play a sound");
  await shows(candidate, "Your browser could not play the sound.");
  await press(candidate, "Close");
});

it("an observer who reloads hears after one press on 'Turn sound on', and words appear until then", async () => {
  observer = await newPage({ silent: true });
  await observer.goto(linkOf(interview, "observer"));
  await observer.locator('::-p-aria([name="Your name"][role="textbox"])').fill("Olga");
  await press(observer, "Continue");
  await press(observer, "Turn sound on");
  expect(await growing(observer)).toBe(true);
  await observer.reload();
  await shows(observer, "Words appear in the transcript meanwhile");
  expect(await playedSeconds(observer), "the browser lets nothing play by itself").toBe(0);
  await press(observer, "Turn sound on");
  expect(await growing(observer)).toBe(true);
});

it("two minutes of Firefox's sound are recorded without a hole, and the picture is shown", async () => {
  const width = () => host.page.evaluate(() => document.querySelector("video")?.videoWidth ?? 0);
  await expect.poll(width, { timeout: 60_000 }).toBeGreaterThan(0);
  await poll(() => Date.now() > recordingSince + CALL_SECONDS * 1000, CALL_SECONDS * 1000 + 5_000, { everyMs: 250 });
  await reads(host.page, "Ada Lovelace");
  await stopRecording(host.page);
  const review = await poll(
    async () => {
      const { recordings } = await client.call(getReview, { params: { interviewId: interview.id } });
      return recordings[0]?.masterKey ? recordings[0] : undefined;
    },
    60_000,
    { everyMs: 250 },
  );
  expect(review?.durationMs).toBeGreaterThan((CALL_SECONDS - 3) * 1000);
  const gaps = review?.gaps.filter(({ speaker }) => speaker === "Ada Lovelace") ?? [];
  // On a starved test machine the microphone stands still at times, and its connection may stand a moment after Start:
  // both are said; nothing is lost behind them.
  const joining = ({ cause, startMs, endMs }: (typeof gaps)[number]): boolean =>
    (cause === "disconnect" || cause === "loss") && startMs === 0 && endMs < 3_000;
  expect(gaps.filter((gap) => gap.cause !== "capture_stall" && !joining(gap))).toEqual([]);
  const stalledMs = gaps.reduce((sum, gap) => sum + gap.endMs - gap.startMs, 0);
  expect(stalledMs).toBeLessThan(0.05 * CALL_SECONDS * 1000);
});
