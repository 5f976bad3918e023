import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { Interview } from "@verbatim/shared/api/interviews";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { loudest, untilHeard } from "./heard.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { does, pretend } from "./pretend.ts";
import { endAfterwards, type Guest, openStage, photograph, reads, type Stage } from "./stage.ts";

/** What happens to people's devices while they talk. Each fact builds on the one before. */
const LID = 500;
const HEADSET = 1_100;
const DESK = 2_000;
const TABLET = 800;
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interview: Interview;
let hostSeat: string;
let candidateSeat: string;
const link = (role: string): string => linkOf(interview, role);

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const panel = (page: Page) => page.getByRole("region", { name: "Devices" });
const tile = (page: Page, name: string) => page.getByRole("figure", { name });
const seatOf = async (name: string): Promise<string> => {
  const seat = await tile(observer.page, name).getAttribute("data-seat");
  return seat ?? "";
};

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: { phone: true },
    observer: {},
  }));
  for (const { page } of [host, candidate, observer]) await page.emulateMedia({ reducedMotion: "reduce" });
  await pretend(host.context, LID);
  await pretend(candidate.context, TABLET, true);
  await pretend(observer.context, LID);
  ({ interview } = await firstInterview(stage, { autoStart: false }));
  await signInAs(host.page, stage.url, anna);
});
endAfterwards(() => stage);

it("staff read in the device check how their network serves the call, too", async () => {
  const { page } = host;
  await page.goto(`${stage.url}/interviews/${interview.id}`);
  await button(page, "Join as interviewer").click();
  await page.getByRole("region", { name: "Network" }).getByText("Good: direct way (UDP)").waitFor();
  await photograph(page, "staff-network");
});

it("in the call the screen of a tablet stays on, after it was out of sight too; what it cannot share is not offered", async () => {
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  const { page } = candidate;
  await joinAsCandidate(page, link("candidate"), true);
  expect((await does(page, "screenHeld")).said, "at the door nothing is held").toBe(false);
  await admit(host.page);
  await joinAsObserver(observer.page, link("observer"), "Olga Observer");
  hostSeat = await seatOf("Anna Host");
  candidateSeat = await seatOf("Ada Lovelace");
  await untilHeard(host.page, candidateSeat, TABLET);
  const held = async () => (await does(page, "screenHeld")).said;
  await expect.poll(held).toBe(true);
  await does(page, "hide", true);
  expect(await held()).toBe(false);
  await does(page, "hide", false);
  await expect.poll(held).toBe(true);
  expect(await button(page, "Share screen").count()).toBe(0);
  expect(await button(host.page, "Share screen").count()).toBe(1);
});

it("a phone call, and another app in front, are read on the others' pages within 3 s; on return both hear each other by themselves", async () => {
  const { page } = candidate;
  await untilHeard(host.page, candidateSeat, TABLET);
  for (const what of ["hold", "hide"] as const) {
    const { atMs } = await does(page, what, true);
    await Promise.all(
      [host, observer].map(async (other) => {
        await tile(other.page, "Ada Lovelace").getByText("Paused by their phone").waitFor();
        expect(Date.now() - atMs).toBeLessThan(3_000);
      }),
    );
    if (what === "hide") await photograph(host.page, "paused-by-phone");
    await does(page, what, false);
    await tile(host.page, "Ada Lovelace").getByText("Paused by their phone").waitFor({ state: "detached" });
  }
  await untilHeard(host.page, candidateSeat, TABLET);
  await untilHeard(page, hostSeat, LID);
  expect(await button(page, "Turn sound on").count()).toBe(0);
});

it("where the browser lets nothing play one press turns the sound on; words appear until then", async () => {
  const { page } = observer;
  // As a browser does that has not seen a press on the page yet.
  await observer.context.addInitScript(() => {
    let pressed = false;
    addEventListener("click", ({ isTrusted }) => (pressed ||= isTrusted), { capture: true });
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = async function (this: HTMLMediaElement) {
      if (!pressed && this instanceof HTMLAudioElement) throw new DOMException("", "NotAllowedError");
      return await play.call(this);
    };
  });
  await page.reload();
  await reads(page, "Words appear in the transcript meanwhile.");
  expect(
    await page.locator("audio[data-voice]").evaluateAll((all) => all.every((one) => (one as HTMLAudioElement).paused)),
  ).toBe(true);
  await photograph(page, "turn-sound-on");
  await button(page, "Turn sound on").click();
  await untilHeard(page, hostSeat, LID);
  await untilHeard(page, candidateSeat, TABLET);
  expect(await button(page, "Turn sound on").count()).toBe(0);
});

it("another microphone of the system's, and one that is pulled out, are heard within 3 s as the same track, and named", async () => {
  const { page } = host;
  const before = await untilHeard(candidate.page, hostSeat, LID);
  await does(page, "plug", "microphone", "headset", HEADSET);
  const changes = [
    { hertz: HEADSET, now: "headset", change: () => does(page, "prefer", "headset") },
    { hertz: LID, now: "lid", change: () => does(page, "unplug", "headset") },
  ];
  for (const { hertz, now, change } of changes) {
    const { atMs } = await change();
    const heard = await untilHeard(candidate.page, hostSeat, hertz);
    expect(heard.atMs - atMs).toBeLessThan(3_000);
    expect(heard.trackId).toBe(before.trackId);
    await reads(page, `Your microphone is now ${now}.`);
  }
  await photograph(page, "microphone-now");
});

it("a microphone that was chosen is left when it is pulled out, taken again when it is back, and no other is opened", async () => {
  const { page } = host;
  await button(page, "Devices").click();
  await does(page, "plug", "microphone", "desk", DESK);
  await panel(page).getByLabel("Microphone").selectOption("desk");
  const { trackId } = await untilHeard(candidate.page, hostSeat, DESK);
  await does(page, "plug", "microphone", "headset", HEADSET);
  await does(page, "unplug", "desk");
  await untilHeard(candidate.page, hostSeat, LID);
  await does(page, "plug", "microphone", "desk", DESK);
  expect((await untilHeard(candidate.page, hostSeat, DESK)).trackId).toBe(trackId);
  const opened = (await does(page, "asked")).said.map(({ deviceId }) => (deviceId as { exact?: string })?.exact ?? "");
  expect(new Set(opened), "the system's choice and what was chosen").toEqual(new Set(["", "desk"]));
});

it("a speaker that was chosen and pulled out gives way to the system's, is taken again when it is back, and the page says so", async () => {
  const { page } = host;
  const plays = () => page.locator(`audio[data-voice='${candidateSeat}']`).getAttribute("data-speaker");
  await does(page, "plug", "speaker", "desk-speaker");
  await panel(page).getByLabel("Speaker").selectOption("desk-speaker");
  await expect.poll(plays).toBe("desk-speaker");
  await does(page, "unplug", "desk-speaker");
  const gone = page.getByRole("status").filter({ hasText: "Your speaker is gone. You hear the others where your" });
  await gone.waitFor();
  const [bar, beside] = await Promise.all([gone.boundingBox(), panel(page).boundingBox()]);
  expect((bar?.x ?? 0) + (bar?.width ?? 0), "nothing that is said lies under the open panel").toBeLessThan(
    beside?.x ?? 0,
  );
  await photograph(page, "speaker-gone");
  expect(await plays()).toBe("");
  expect(await panel(page).getByLabel("Speaker").inputValue()).toBe("");
  await untilHeard(page, candidateSeat, TABLET);
  await does(page, "plug", "speaker", "desk-speaker");
  await reads(page, "You hear the others through desk-speaker again.");
  await expect.poll(plays).toBe("desk-speaker");
});

it("echo, noise and loudness are each left to the browser until switched off, one by one, at the microphone in use", async () => {
  const { page } = host;
  const { trackId } = await untilHeard(candidate.page, hostSeat, DESK);
  const rules = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const last = async () => (await does(page, "asked")).said.at(-1);
  expect(await last()).toEqual({ ...rules, deviceId: { exact: "desk" } });
  for (const [name, rule] of [
    ["Remove echo", "echoCancellation"],
    ["Remove noise", "noiseSuppression"],
    ["Even out loudness", "autoGainControl"],
  ] as const) {
    await panel(page).getByRole("switch", { name }).click();
    rules[rule] = false;
    await expect.poll(last).toEqual({ ...rules, deviceId: { exact: "desk" } });
  }
  expect((await untilHeard(candidate.page, hostSeat, DESK)).trackId).toBe(trackId);
  await page.keyboard.press("Escape");
});

it("who speaks while muted is told so alone, and silence is all that leaves the page", async () => {
  const { page } = host;
  const told = /You are muted: the others do not hear you/;
  // The key counts although the switch that was pressed last is still in focus.
  await page.keyboard.press("m");
  await reads(page, told);
  await expect.poll(() => loudest(candidate.page, hostSeat)).toBeLessThan(0.001);
  for (const other of [candidate, observer]) expect(await other.page.getByText(told).count()).toBe(0);
  await photograph(page, "speaking-muted");
  await page.getByRole("status").filter({ hasText: told }).getByRole("button", { name: "Unmute" }).click();
  await untilHeard(candidate.page, hostSeat, DESK);
  await page.getByText(told).waitFor({ state: "detached" });
});

it("a howl asks that person for headphones, and nobody else", async () => {
  const told = /Your microphone and loudspeaker howl\. Use headphones/;
  await does(host.page, "sway", false);
  await reads(host.page, told);
  for (const other of [candidate, observer]) expect(await other.page.getByText(told).count()).toBe(0);
  await photograph(host.page, "howl");
  await does(host.page, "sway", true);
  await host.page.getByText(told).waitFor({ state: "detached" });
});

it("a poor connection is said in words with what helps: one's own camera first, then the place", async () => {
  const { page } = candidate;
  await does(page, "delay", 1_200);
  const bar = page.getByRole("status").filter({ hasText: "Your connection is poor." });
  await bar.getByText("Turning your camera off helps your voice.").waitFor();
  await everyWay(page, (way) => isAccessible(page, `poor ${way}`));
  await host.page.getByRole("tab", { name: /^People/ }).click();
  await host.page.getByRole("listitem").filter({ hasText: "Ada Lovelace" }).getByText("connection poor").waitFor();
  await bar.getByRole("button", { name: "Turn camera off" }).click();
  await bar.getByText("Move closer to your router").waitFor();
  await does(page, "delay", 20);
  await bar.waitFor({ state: "detached" });
  await page.getByText("Connection poor").waitFor({ state: "detached" });
  await button(page, "Turn camera on").click();
});

it("an observer's connection that grows unsteady says what to do and moves no control, all of them in one row", async () => {
  const { page } = observer;
  const controls = page.getByRole("group", { name: "Call controls" });
  const places = () =>
    controls.getByRole("button").evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
  await page.getByText("Connection good", { exact: true }).waitFor();
  const before = await places();
  expect(new Set(before.map(({ top }) => top)).size).toBe(1);
  await does(page, "delay", 500);
  await page.getByText("Move closer to your router").waitFor();
  expect(await places()).toEqual(before);
  await everyWay(page, (way) => isAccessible(page, `observer unsteady ${way}`));
  await does(page, "delay", 20);
  await page.getByText("Connection good", { exact: true }).waitFor();
  expect(await places()).toEqual(before);
});

it("a microphone with several people is marked by the host, and everybody reads it", async () => {
  const person = host.page.getByRole("listitem").filter({ hasText: "Ada Lovelace" });
  await person.getByRole("switch", { name: "Several people at this microphone" }).click();
  for (const other of [host, observer]) await tile(other.page, "Ada Lovelace and others").waitFor();
  await photograph(host.page, "several");
  await person.getByRole("switch", { name: "Several people at this microphone" }).click();
  await tile(observer.page, "Ada Lovelace").waitFor();
  await expect.poll(() => tile(observer.page, "Ada Lovelace and others").count()).toBe(0);
});

it("a picture goes into a small window that stays on top, and back, by button and by key", async () => {
  const { page } = host;
  const small = () =>
    page.evaluate(() => document.pictureInPictureElement?.closest("figure")?.getAttribute("aria-label"));
  const picture = tile(page, "Ada Lovelace");
  const begun = () => picture.locator("video").evaluate((video) => (video as HTMLVideoElement).videoWidth > 0);
  await expect.poll(begun).toBe(true);
  await picture.hover();
  await picture.getByRole("button", { name: "Ada Lovelace in a small window" }).click();
  await expect.poll(small).toBe("Ada Lovelace");
  await page.locator("body").press("p");
  await expect.poll(small).toBeUndefined();
  await page.locator("body").press("p");
  await expect.poll(small).toBe("Ada Lovelace");
  await page.locator("body").press("p");
});

it("a camera that the browser refuses in the call is told with what to do, and tried again", async () => {
  const { page } = host;
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const allowed = devices.getUserMedia;
    devices.getUserMedia = () => {
      devices.getUserMedia = allowed;
      return Promise.reject(new DOMException("", "NotAllowedError"));
    };
  });
  await button(page, "Turn camera on").click();
  await reads(page, "The browser may not use your camera.");
  await everyWay(page, (way) => isAccessible(page, `camera refused ${way}`));
  await button(page, "Try again").click();
  await button(page, "Turn camera off").waitFor();
  expect(await page.getByText("The browser may not use your camera.").count()).toBe(0);
  await button(page, "Turn camera off").click();
});

it("the devices leave the other's face in sight, and every switch is as tall as a finger", async () => {
  const { page } = candidate;
  await page.setViewportSize({ width: 360, height: 640 });
  await button(page, "Devices").click();
  const boxes = () => Promise.all([tile(page, "Anna Host").boundingBox(), panel(page).boundingBox()]);
  const [face, over] = await boxes();
  expect((face?.y ?? 0) + (face?.height ?? 0), "the face stands above it").toBeLessThanOrEqual(over?.y ?? 0);
  expect(face?.height).toBeGreaterThan(120);
  for (const one of await panel(page).getByRole("switch").all()) {
    expect((await one.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
  await everyWay(page, (way) => isAccessible(page, `devices in call ${way}`));
  const [whole, beside] = await boxes();
  expect(beside?.x, "on a wide page all of it is").toBeGreaterThanOrEqual((whole?.x ?? 0) + (whole?.width ?? 0));
});
