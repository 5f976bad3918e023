import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { Interview } from "@verbatim/shared/api/interviews";
import { admit, joinAsCandidate, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, openStage, photograph, reads, type Stage } from "./stage.ts";

/** The devices of people in a call: a second one, and those that are missing. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let phone: Guest;
let observer: Guest;
let without: Guest;
let interview: Interview;
const link = (role: string): string => linkOf(interview, role);

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const linkForOther = (page: Page) => page.getByRole("textbox", { name: "Link for your other device" });

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, phone, observer, without } = await stage.guests({
    host: {},
    candidate: { dark: true },
    phone: { phone: true },
    observer: {},
    without: { phone: true, dark: true },
  }));
  ({ interview } = await firstInterview(stage, { autoStart: false }));
  await signInAs(host.page, stage.url, anna);
  await host.page.goto(`${stage.url}/interviews/${interview.id}`);
  await button(host.page, "Join as interviewer").click();
});
endAfterwards(() => stage);

it("on the way in a person opens a link to their own place, to scan or to copy", async () => {
  const { page } = candidate;
  await page.goto(link("candidate"));
  await button(page, "Continue on another device").click();
  await page.getByRole("img", { name: "The link as a QR code" }).waitFor();
  await photograph(page, "other-device-entrance");
  await button(page, "Copy the link for your other device").click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await linkForOther(page).inputValue());
});

it("staff test the speaker before they join", async () => {
  const { page } = host;
  await button(page, "Play a sound").click();
  await reads(page, "You should hear two notes.");
  // By their account, so the code leads to the interview's page and holds no secret.
  await button(page, "Continue on another device").click();
  await page.getByRole("img", { name: "The link as a QR code" }).waitFor();
  expect(await linkForOther(page).inputValue()).toMatch(/\/interviews\/[0-9a-f-]+$/);
  await photograph(page, "staff-device-check");
  await button(page, "Join the call").click();
});

it("in the call, too; it opens their place on the second device, which the host admits, and the first one says so", async () => {
  await joinAsCandidate(candidate.page, link("candidate"), true);
  await admit(host.page);
  await button(candidate.page, "Devices").click();
  await photograph(candidate.page, "devices-in-call");
  await button(candidate.page, "Continue on another device").click();
  await candidate.page.getByRole("img", { name: "The link as a QR code" }).waitFor();
  await photograph(candidate.page, "other-device-in-call");
  await phone.page.goto(await linkForOther(candidate.page).inputValue());
  // This person has agreed already: the seat knows.
  await button(phone.page, "Join the call").click();
  await reads(host.page, /Ada Lovelace asks to come in from another device/);
  await admit(host.page);
  await reads(candidate.page, "Your place is open in another tab or on another device");
  await phone.page.getByRole("figure", { name: "Anna Host" }).waitFor();
});

it("who only listens picks and tests the speaker; the browser names speakers after a question, and no microphone stays open", async () => {
  const { page } = observer;
  // As a browser is before anybody was asked: it has one speaker, without a name.
  await observer.context.addInitScript(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const opened: MediaStreamTrack[] = [];
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await real(constraints);
      opened.push(...stream.getTracks());
      return stream;
    };
    navigator.mediaDevices.enumerateDevices = async () => {
      const asked = opened.length > 0;
      const named = { deviceId: asked ? "desk" : "", label: asked ? "Desk speaker" : "" };
      return [{ kind: "audiooutput", groupId: "", ...named, toJSON: () => named }];
    };
    Object.assign(window, { stillOpen: () => opened.filter(({ readyState }) => readyState === "live").length });
  });
  await joinAsObserver(page, link("observer"), "Olga Observer");
  await button(page, "Devices").click();
  const panel = page.getByRole("region", { name: "Devices" });
  await panel.getByText(/^Sound goes where your system sends it/).waitFor();
  await photograph(page, "observer-devices");
  await panel.getByRole("button", { name: "Play a sound" }).click();
  await panel.getByText("You should hear two notes.").waitFor();
  await panel.getByRole("button", { name: "Show my speakers" }).click();
  await panel.getByLabel("Speaker").selectOption("Desk speaker");
  expect(await page.evaluate("stillOpen()")).toBe(0);
  await photograph(page, "observer-speaker");
  expect(await panel.getByLabel("Microphone").count()).toBe(0);
});

it("who speaks tests it in the call, too", async () => {
  await button(host.page, "Devices").click();
  await button(host.page, "Play a sound").click();
  await reads(host.page, "You should hear two notes.");
  await photograph(host.page, "host-devices");
  await button(host.page, "Devices").click();
});

it("who has no microphone and was denied the camera sees where to allow it, and joins to listen and write", async () => {
  await without.context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = (constraints) =>
      Promise.reject(new DOMException("", constraints?.audio ? "NotFoundError" : "NotAllowedError"));
  });
  const { page } = without;
  await page.goto(link("co-interviewer"));
  await page.getByLabel("Your name").fill("Nora Silent");
  await button(page, "I agree").click();
  const camera = page.getByRole("region", { name: "Camera" });
  await camera.getByRole("img", { name: "Where to allow camera and microphone" }).waitFor();
  const microphone = page.getByRole("region", { name: "Microphone" });
  await microphone.getByText(/^None was found/).waitFor();
  await microphone.getByText("You can also join without it, to listen and to write in the chat.").waitFor();
  await photograph(page, "without-device-check");
  await button(page, "Join the call").click();
  await reads(page, /^No microphone found\. You hear the others/);
});

it("the host is told, and the tile shows initials and no sign of being muted", async () => {
  const bar = host.page.getByRole("alert").filter({ hasText: "Nora Silent has no microphone" });
  await bar.getByText("they can listen, and write in the chat.", { exact: false }).waitFor();
  const tile = host.page.getByRole("figure", { name: "Nora Silent" });
  await tile.getByText("NS", { exact: true }).waitFor();
  await tile.getByLabel("No microphone").waitFor();
  expect(await tile.getByLabel("Muted").count()).toBe(0);
  await photograph(host.page, "no-microphone-host");
  await photograph(without.page, "no-microphone-own");
  await bar.getByRole("button", { name: "Dismiss" }).click();
  await bar.waitFor({ state: "detached" });
  expect(await observer.page.getByText("has no microphone").count()).toBe(0);
});
