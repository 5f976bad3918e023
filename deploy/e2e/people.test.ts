import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { Interview } from "@verbatim/shared/api/interviews";
import { copyStore } from "../rehearse/collect.ts";
import {
  admit,
  joinAsCandidate,
  joinAsInterviewer,
  joinAsObserver,
  linkOf,
  signInAs,
  takeOver,
} from "../rehearse/walk.ts";
import { loudest } from "./heard.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, photograph, reads, type Stage, understood } from "./stage.ts";

/** What people in a call do about one another. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interview: Interview;
const link = (role: string): string => linkOf(interview, role);

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const micIs = (page: Page, name: string, state: string) =>
  page.getByRole("list", { name: "People" }).getByRole("listitem").filter({ hasText: name }).getByText(state).waitFor();

/** Nothing serious for assistive technology at both sizes, light and dark. */
const looksGood = (page: Page, name: string) => everyWay(page, (way) => isAccessible(page, `${name} ${way}`));
/** How many notes this page has played. */
const notes = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.documentElement.dataset["notes"] ?? 0));

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: { phone: true },
    observer: {
      // As long as it is looked for.
      says: Array.from({ length: 12 }, (_, n) => ({ atSeconds: 2 + 10 * n, text: "my first job was at a bank" })),
    },
  }));
  await host.context.addInitScript(() => {
    const start = Reflect.get(OscillatorNode.prototype, "start");
    OscillatorNode.prototype.start = function (when) {
      const { dataset } = document.documentElement;
      dataset["notes"] = String(Number(dataset["notes"] ?? 0) + 1);
      start.call(this, when);
    };
  });
  // This machine has no screen: a drawn one, of which the browser says that it is whole.
  await host.context.addInitScript(() => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const drawn = document.createElement("canvas");
      drawn.getContext("2d")?.fillRect(0, 0, 300, 150);
      const stream = drawn.captureStream(5);
      for (const track of stream.getVideoTracks()) track.getSettings = () => ({ displaySurface: "monitor" });
      return stream;
    };
  });
  // Late, and over its planned end.
  const startsAt = new Date(Date.now() - 50 * 60_000).toISOString();
  ({ interview } = await firstInterview(stage, { startsAt, autoStart: false }));
  await signInAs(host.page, stage.url, anna);
});
endAfterwards(() => stage);

it("who waits for nobody reads what to do, ten minutes after the time: the host in the call, the candidate at the door", async () => {
  await joinAsInterviewer(host.page, stage.url, interview.id, true);
  await reads(host.page, /Ada Lovelace has not come, 5\d minutes after the planned time/);
  await reads(host.page, /over time/);
  await photograph(host.page, "nobody-came");
  await button(host.page, "Leave").click();
  await reads(host.page, "You have left the call");
  await joinAsCandidate(candidate.page, link("candidate"), true);
  await reads(candidate.page, /more than ten minutes past the planned time\. Please ask Anna Host/);
  await photograph(candidate.page, "late");
});

it("who waits is told to the host by two notes and in the page's title too, until they are let in", async () => {
  await button(host.page, "Come back").click();
  await expect.poll(() => host.page.title()).toBe("(1) Verbatim");
  await expect.poll(() => notes(host.page)).toBe(2);
  await candidate.page.getByText("ten minutes past").waitFor({ state: "detached" });
  await admit(host.page);
  await expect.poll(() => host.page.title()).toBe("Verbatim");
  await joinAsObserver(observer.page, link("observer"), "Olga Observer");
  await button(host.page, "Hide panel").waitFor();
  await host.page.getByRole("tab", { name: /^People/ }).click();
});

it("who was not let in asks again, and the host can answer again; each time is heard, in a hidden tab too", async () => {
  const hide = (state: "hidden" | "visible") =>
    host.page.evaluate((now) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await hide("hidden");
  const second = await stage.guest("second", { phone: true });
  await second.page.goto(link("candidate"));
  await button(second.page, "Join the call").click();
  for (let times = 0; times < 2; times++) {
    await expect.poll(() => notes(host.page)).toBe(4 + times * 2);
    await button(host.page, /^Not now/).click();
    await reads(second.page, "You are not in this call");
    if (times === 0) await button(second.page, "Ask again").click();
  }
  await second[Symbol.asyncDispose]();
  await hide("visible");
});

it("the host mutes a person, who reads by whom, and only that person can unmute", async () => {
  await micIs(host.page, "Ada Lovelace", "microphone on");
  await button(host.page, "Mute Ada Lovelace").click();
  await reads(candidate.page, "Anna Host muted you. Press Unmute when you want to speak.");
  await micIs(host.page, "Ada Lovelace", "muted");
  await photograph(candidate.page, "muted-by-host");
  await button(host.page, "Ask to unmute: Ada Lovelace").click();
  await reads(candidate.page, "Anna Host asks you to unmute.");
  await micIs(host.page, "Ada Lovelace", "muted");
  await button(candidate.page, "Unmute").click();
  await candidate.page.getByText("asks you to unmute").waitFor({ state: "detached" });
  await micIs(host.page, "Ada Lovelace", "microphone on");
});

it("the host is asked before the candidate is removed, and the candidate stays when they do not mean it", async () => {
  await button(host.page, "Remove Ada Lovelace").click();
  await reads(host.page, /^Ada Lovelace leaves the call at once\. What was recorded is kept\./);
  await photograph(host.page, "remove-candidate");
  await host.page.locator("body").press("Escape");
  await host.page.getByText(/^Ada Lovelace leaves the call/).waitFor({ state: "detached" });
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

it("whoever controls the recording is asked to pass it on before leaving; refused, they stay and read why", async () => {
  const handOver = button(host.page, "Hand over to Olga Observer and leave");
  await button(host.page, "Leave").click();
  await reads(host.page, /It goes on without you\. To whom do you hand it over\?/);
  await looksGood(host.page, "leave-question");
  await button(host.page, "Stay").click();
  await host.page.getByText("It goes on without you").waitFor({ state: "detached" });
  // The observer is faster: the host's wish comes to the server after theirs.
  await host.page.route("**/hand-over", async (route) => {
    await takeOver(observer.page);
    await reads(observer.page, /^You control the recording/);
    await route.continue();
  });
  await button(host.page, "Leave").click();
  await handOver.click();
  await reads(host.page, "Olga Observer controls the recording now.");
  await host.page.unroute("**/hand-over");
  await button(host.page, "Stay").click();
  await takeOver(host.page);
  await reads(host.page, /^You control the recording/);
});

it("with more people to choose from they are a menu, by keyboard too; handed over, control is theirs, and the host is out", async () => {
  const names = ["Otto Observer", "Oda Observer"];
  const others = await Promise.all(names.map((name) => stage.guest(name)));
  for (const [n, { page }] of others.entries()) {
    await joinAsObserver(page, link("observer"), names[n] ?? "");
    await page.locator("[data-lamp]").first().waitFor();
  }
  await reads(host.page, /^3 listening/);
  await button(host.page, "Leave").click();
  await button(host.page, "Hand over and leave").focus();
  await host.page.keyboard.press("Enter");
  const item = host.page.getByRole("menuitem", { name: "Hand over to Olga Observer and leave" });
  await item.waitFor();
  // As it is: another size would close the menu.
  await isAccessible(host.page, "leave-menu");
  await item.focus();
  await host.page.keyboard.press("Enter");
  await reads(host.page, "You have left the call");
  await reads(observer.page, /Anna Host handed the control of the recording over to you at/);
  await looksGood(observer.page, "control-given");
  await lampIs(observer.page, "safe", "behind");
  await reads(others[0]?.page ?? host.page, /^Olga Observer controls the recording/);
  for (const { page } of others) await button(page, "Leave").click();
  await button(host.page, "Come back").click();
  await reads(host.page, /^Olga Observer controls the recording/);
  await takeOver(host.page);
  await reads(host.page, /^You control the recording/);
  await observer.page.getByText("handed the control").waitFor({ state: "detached" });
  await button(observer.page, "Understood").click();
  await host.page.getByRole("tab", { name: /^People/ }).click();
});

it("while the host shares a screen, what only staff may see is covered until they uncover it", async () => {
  const { page } = host;
  await page.getByRole("tab", { name: "Transcript" }).click();
  await page.getByText("No suggestions yet.").waitFor();
  await button(page, "Share screen").click();
  await reads(page, "Suggestions, notes and scores are covered while you share your screen.");
  expect(await page.getByText("No suggestions yet.").count()).toBe(0);
  await photograph(page, "covered");
  await page.getByRole("tab", { name: "Notes" }).click();
  await reads(page, "Suggestions, notes and scores are covered while you share your screen.");
  expect(await page.getByRole("tabpanel").getByRole("textbox").count()).toBe(0);
  await page.getByRole("tab", { name: "Transcript" }).click();
  await button(page, "Show them").click();
  await reads(page, "The candidate can see this.");
  await page.getByText("No suggestions yet.").waitFor();
  await button(page, "Stop sharing").click();
  await page.getByText("The candidate can see this.").waitFor({ state: "detached" });
  await page.getByRole("tab", { name: /^People/ }).click();
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

it("an observer who accepts a seat to speak reads the notice, checks the devices, is heard, and recorded as a track of their own", async () => {
  const { page } = observer;
  const offer = button(host.page, "Offer a seat to speak to Olga Observer");
  await offer.click();
  await reads(page, /^Anna Host offers you a seat to speak/);
  await looksGood(page, "offer");
  await reads(host.page, "was offered a seat to speak");
  await photograph(host.page, "offer-made");
  await button(host.page, "Withdraw the offer to Olga Observer").click();
  await page.getByText(/^Anna Host offers you/).waitFor({ state: "detached" });
  await offer.click();
  await button(page, "No, thank you").click();
  await reads(host.page, "Olga Observer goes on listening and does not take the seat.");
  await photograph(host.page, "offer-declined");
  await offer.click();
  // By keyboard alone.
  await button(page, "Accept").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/co-interviewer$/);
  await reads(page, "What is recorded");
  await photograph(page, "offer-notice");
  await reads(host.page, "Olga Observer accepted. They read the notice and check their devices first.");
  // Until they are in the call with it they may go back to listening, here in another tab.
  const behind = await observer.context.newPage();
  await behind.goto(`${stage.url}/call/${interview.id}/observer`);
  await behind.locator("[data-lamp]").first().waitFor();
  await button(page, "I agree").click();
  await button(page, "Join the call").click();
  await lampIs(page, "safe", "behind");
  const people = host.page.getByRole("list", { name: "People" });
  const seat = people.locator("[data-role='co-interviewer'][data-presence='here']").filter({ hasText: "Olga" });
  await seat.waitFor();
  await people.locator("[data-role='observer'][data-presence='left']").filter({ hasText: "Olga" }).waitFor();
  await reads(host.page, "Nobody listens");
  await photograph(page, "offer-taken");
  await reads(behind, "You have a seat to speak in this call");
  await looksGood(behind, "moved");
  await behind.close();

  await observer.microphone.begin(Date.now() + 300);
  const seatId = (await seat.getAttribute("data-seat")) ?? "";
  await expect.poll(() => loudest(candidate.page, seatId), { timeout: 60_000 }).toBeGreaterThan(0.02);
  await expect
    .poll(
      async () => {
        const out = join(stage.stack.settings.dataDir, "found");
        await copyStore(stage.stack, interview.id, out);
        const found = await readdir(out, { recursive: true });
        // What was listened to before lies beside each chunk.
        const own = found.filter((file) => file.includes(`/${seatId}-audio/`) && file.endsWith(".ogg"));
        return (await Promise.all(own.map((file) => understood(join(out, file))))).join(" ");
      },
      { timeout: 120_000, interval: 2_000 },
    )
    .toMatch(/first job|bank/);
});

it("the candidate leaves for good: staff are asked about the recording, and one of them keeps it", async () => {
  await button(candidate.page, "Leave").click();
  for (const { page } of [host, observer]) await reads(page, /Ada Lovelace has left\. End the recording\?/);
  await looksGood(host.page, "candidate-left");
  await button(observer.page, "Keep recording").click();
  for (const { page } of [host, observer]) await page.getByText("End the recording?").waitFor({ state: "detached" });
  await lampIs(host.page, "safe", "behind");
  await button(candidate.page, "Come back").click();
  await host.page.getByRole("figure", { name: "Ada Lovelace" }).waitFor();
});

it("the candidate reads within 5 s that the interviewer's connection was lost, and what the recording does", async () => {
  const lost = /Your interviewer lost the connection\. Please stay: Anna Host comes back here\./;
  // Who got a seat to speak is an interviewer too.
  await button(observer.page, "Leave").click();
  await reads(observer.page, "You have left the call");
  const beforeMs = performance.now();
  await Promise.all([host.kill(), reads(candidate.page, lost)]);
  const tookMs = performance.now() - beforeMs;
  expect(tookMs).toBeLessThan(5_000);
  await reads(candidate.page, /The recording goes on meanwhile\./);
  await photograph(candidate.page, "host-lost");
});
