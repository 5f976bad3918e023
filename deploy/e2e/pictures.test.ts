import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { getReview, type Interview, type Review } from "@verbatim/shared/api/interviews";
import type { Client } from "../rehearse/client.ts";
import {
  admit,
  joinAsCandidate,
  joinAsInterviewer,
  linkOf,
  signInAs,
  startRecording,
  stopRecording,
} from "../rehearse/walk.ts";
import { isAccessible } from "./looks.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { keepPeerConnections, picturesShown, stopLargest } from "./peers.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";
import { apart, beepsIn, BITS, median, readFrames, tellTime } from "./told-time.ts";

/** Cameras and a screen from the call to the player. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let client: Client;
let interview: Interview;
/** Position in the recording by when the candidate's camera had changed over to a smaller size. */
let changedByMs = 0;
const tones = { interviewer: 800, candidate: 1_400 } as const;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const review = async (): Promise<Review> => {
  const { recordings } = await client.call(getReview, { params: { interviewId: interview.id } });
  const [first] = recordings;
  if (!first) throw new Error("There is no recording.");
  return first;
};
const heldOf = (found: Review, role: string, kind = "camera"): number =>
  Math.max(
    0,
    ...found.pictures
      .filter((picture) => picture.role === role && picture.kind === kind)
      .flatMap(({ pieces }) => pieces.map(({ endMs }) => endMs)),
  );
const positionMs = (page: Page): Promise<number> =>
  page.locator("audio").evaluate((sound) => (sound as HTMLAudioElement).currentTime * 1000);
const seek = (page: Page, ms: number): Promise<void> =>
  page.getByRole("slider", { name: "Position" }).fill(String(Math.round(ms / 100) * 100));

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate } = await stage.guests({
    host: {},
    candidate: {},
  }));
  await host.context.addInitScript(tellTime, { hz: tones.interviewer, bits: BITS, height: 180 });
  await candidate.context.addInitScript(keepPeerConnections);
  // Large enough that it is sent in several sizes.
  await candidate.context.addInitScript(tellTime, { hz: tones.candidate, bits: BITS, height: 360 });
  ({ client, interview } = await firstInterview(stage, { autoStart: false, recordPicture: true }));
});
endAfterwards(() => stage);

it("both cameras are in the store while the call goes on, and so is a screen that was shared", async () => {
  await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), true);
  await signInAs(host.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, interview.id, true);
  await admit(host.page);
  await startRecording(host.page);
  for (const { page } of [host, candidate]) await lampIs(page, "safe", "behind");
  const held = async (role: string, kind: string, beyondMs: number): Promise<void> => {
    await expect.poll(async () => heldOf(await review(), role, kind), { timeout: 120_000 }).toBeGreaterThan(beyondMs);
  };
  // Cuts lie at 2, 5, 10 and 30 s: of each camera there are several files.
  await Promise.all([held("interviewer", "camera", 4_000), held("candidate", "camera", 4_000)]);
  // A weak line stops the largest size of a camera: it is seen and recorded on in a smaller one.
  await expect.poll(() => candidate.page.evaluate(stopLargest), { timeout: 60_000 }).toBeGreaterThan(0);
  const shown = await host.page.evaluate(picturesShown, "Ada Lovelace");
  // More than what was on its way.
  await expect
    .poll(() => host.page.evaluate(picturesShown, "Ada Lovelace"), { timeout: 60_000 })
    .toBeGreaterThan(shown + 30);
  // Frames are some tenths of a second on their way to the other's screen, but not half of these thirty.
  changedByMs = Date.now() - Date.parse((await review()).startedAt ?? "") - 500;
  await button(candidate.page, "Turn camera off").click();
  await button(host.page, "Share screen").click();
  await held("interviewer", "screen", 4_000);
  await button(host.page, "Stop sharing").click();
  const heldMs = heldOf(await review(), "interviewer");
  await held("interviewer", "camera", heldMs + 8_000);
  await stopRecording(host.page);
  await button(host.page, "Leave").click();
});

it("the player shows both speakers beside their sound, and initials where a camera was off", async () => {
  const { page } = host;
  await page.goto(`${stage.url}/interviews/${interview.id}`);
  await page.locator("audio").first().waitFor({ state: "attached", timeout: 120_000 });
  await reads(page, "sound and pictures");
  await reads(page, "Sound, cameras and shared screens");
  const tile = (name: string) => page.getByRole("figure", { name });
  const found = await review();
  for (const { speaker, pieces } of found.pictures.filter(({ kind }) => kind === "camera")) {
    // Before anybody plays it, too. On a busy machine the first files may be short, or lack frames.
    const [longest] = pieces.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
    await seek(page, (longest?.startMs ?? 0) + 150);
    await expect.poll(() => tile(`${speaker}, camera`).getAttribute("data-showing"), { timeout: 60_000 }).toBe("shown");
  }
  const off = heldOf(found, "candidate");
  expect(off).toBeGreaterThan(changedByMs);
  await seek(page, off + 1_500);
  await expect.poll(() => tile("Ada Lovelace, camera").getAttribute("data-showing"), { timeout: 60_000 }).toBe("none");
  await tile("Ada Lovelace, camera").getByText("AL", { exact: true }).waitFor();
});

it.each(["interviewer", "candidate"] as const)(
  "the %s's picture lies and plays within 80 ms of the sound",
  async (role) => {
    const { page } = host;
    const found = await review();
    const seatId = found.pictures.find((picture) => picture.role === role)?.seatId ?? "";
    const pieces = found.pictures.filter((picture) => picture.seatId === seatId).flatMap((picture) => picture.pieces);
    const beeps = beepsIn(await soundOf(found), 16_000, tones[role]);
    expect(beeps.length).toBeGreaterThan(3);
    // The beeps are whole periods of the same clock.
    const first = beeps[0] ?? 0;
    const beganMs = first + median(beeps.map((at) => apart(at, first)));

    await seek(page, 2_500);
    await button(page, /^Play$/).click();
    const frames = await page.evaluate(readFrames, { seat: seatId, kind: "camera", count: 20, bits: BITS });
    const startOf = (url: string): number => pieces.find((piece) => piece.url === url)?.startMs ?? Number.NaN;
    const stored = frames.map(({ url, mediaMs, toldMs }) => apart(startOf(url) + mediaMs, beganMs + toldMs));
    expect(Math.abs(median(stored)), `files: ${stored.map(Math.round).join(" ")}`).toBeLessThanOrEqual(80);

    // As it plays: the files' and the sound's positions come together and stay so.
    const inStep = async (): Promise<number> => {
      const shown = await page.evaluate(readFrames, { seat: seatId, kind: "camera", count: 10, bits: BITS });
      return Math.max(...shown.map(({ url, pictureMs, soundMs }) => Math.abs(startOf(url) + pictureMs - soundMs)));
    };
    await expect
      .poll(
        async () => {
          if ((await positionMs(page)) > heldOf(found, "candidate") - 3_000) await seek(page, 1_000);
          return inStep();
        },
        { timeout: 120_000 },
      )
      .toBeLessThanOrEqual(80);
    await button(page, "Pause").click();
  },
);

it("a shared screen is shown large while it was shared, at both sizes and accessible", async () => {
  const { page } = host;
  const found = await review();
  const screen = found.pictures.find(({ kind }) => kind === "screen");
  const figure = page.getByRole("figure", { name: "Anna Host's screen" });
  expect(await figure.isVisible()).toBe(false);
  await seek(page, (screen?.pieces[0]?.startMs ?? 0) + 1_000);
  await expect.poll(() => figure.getAttribute("data-showing"), { timeout: 60_000 }).toBe("shown");
  for (const size of [
    { width: 1280, height: 720 },
    { width: 360, height: 640 },
  ]) {
    await page.setViewportSize(size);
    const [shared, camera] = await Promise.all(
      [figure, page.getByRole("figure", { name: "Anna Host, camera" })].map((each) => each.boundingBox()),
    );
    expect(shared?.width ?? 0).toBeGreaterThan(1.9 * (camera?.width ?? 0));
    expect((shared?.x ?? 0) + (shared?.width ?? 0)).toBeLessThanOrEqual(size.width);
    await isAccessible(page, `pictures ${size.width}`, true);
  }
  await page.setViewportSize({ width: 1280, height: 720 });
});

it("every picture file can be taken along, and so can their list", async () => {
  const { page } = host;
  const held = (await review()).pictures;
  await page.locator("[data-picture-files=camera] summary").first().click();
  const file = await page.locator("[data-picture-files=camera] a").first().getAttribute("href");
  const bytes = await client.download(file ?? "");
  expect(bytes.byteLength).toBe(held.flatMap(({ pieces }) => pieces).find(({ url }) => file?.startsWith(url))?.bytes);
  await button(page, "Download").click();
  const list = await page.getByRole("menuitem", { name: "List of picture files (JSON)" }).getAttribute("href");
  expect(JSON.parse((await client.download(list ?? "")).toString())).toMatchObject({ pictures: held });
});

/** The master as it is heard, 16 kHz mono. */
async function soundOf({ masterUrl }: Review): Promise<Int16Array> {
  const { stdout } = await promisify(execFile)(
    "ffmpeg",
    ["-v", "error", "-i", new URL(masterUrl ?? "", stage.url).href, "-ar", "16000", "-ac", "1", "-f", "s16le", "-"],
    { encoding: "buffer", maxBuffer: 1 << 26 },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.byteLength / 2);
}
