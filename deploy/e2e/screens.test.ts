import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { signIn } from "@verbatim/shared/api/account";
import type { Interview } from "@verbatim/shared/api/interviews";
import { createClient } from "../rehearse/client.ts";
import { joinAsInterviewer, joinAsObserver, linkOf, signInAs, takeOver } from "../rehearse/walk.ts";
import { everyWay, isAccessible, settled, sizes } from "./looks.ts";
import { anna, firstInterview, newInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** Every screen of a call at both sizes, light and dark: nothing serious for assistive technology, every control in reach. */

/** The controls of one's own devices, of everybody who speaks. */
const own = ["Mute", "Turn camera off", "Share screen", "Hide captions", "Devices"];

let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interview: Interview;

const link = (role: string): string => linkOf(interview, role);
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

/**
 * Whole within the window with nothing over it, at least 44 px each way: measured in one instant. A bar that comes
 * meanwhile may offer the same thing above; it is the page's own control, the last of that name, that has to be in reach.
 */
async function inReach(
  page: Page,
  name: string | RegExp,
  way: string,
  size: { width: number; height: number },
): Promise<{ x: number; y: number }> {
  const control = page.getByRole("button", { name, exact: true }).last();
  const { box, free } = await control.evaluate((element) => {
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    return { box: { left, top, right, bottom, width, height }, free: element.contains(over) };
  });
  expect(Math.min(box.width, box.height), `${way}: ${name} is large enough`).toBeGreaterThanOrEqual(44);
  expect(box.left, `${way}: ${name} from the left`).toBeGreaterThanOrEqual(0);
  expect(box.top, `${way}: ${name} from the top`).toBeGreaterThanOrEqual(0);
  expect(box.right, `${way}: ${name} to the right`).toBeLessThanOrEqual(size.width + 0.5);
  expect(box.bottom, `${way}: ${name} to the bottom`).toBeLessThanOrEqual(size.height + 0.5);
  expect(free, `${way}: nothing lies over ${name}`).toBe(true);
  return { x: box.left, y: box.top };
}

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: {},
    observer: {},
  }));
  // Nothing fades or slides into its place while it is looked at.
  for (const { page } of [host, candidate, observer]) await page.emulateMedia({ reducedMotion: "reduce" });
});
endAfterwards(() => stage);

describe("before the call", () => {
  it("setup, sign-in, list, form and interview page are accessible", async () => {
    const { page } = host;
    await page.goto(`${stage.url}/setup`);
    await button(page, "Create account").waitFor();
    await everyWay(page, (way) => isAccessible(page, `setup ${way}`));
    ({ interview } = await firstInterview(stage, { autoStart: false }));
    await page.goto(`${stage.url}/sign-in`);
    await button(page, "Sign in").waitFor();
    await everyWay(page, (way) => isAccessible(page, `sign-in ${way}`));
    await signInAs(page, stage.url, anna);
    await page.getByText("Ada Lovelace").first().waitFor();
    await everyWay(page, (way) => isAccessible(page, `list ${way}`));
    await button(page, "New interview").click();
    await button(page, "Create interview").waitFor();
    await everyWay(page, (way) => isAccessible(page, `form ${way}`));
    await page.goto(`${stage.url}/interviews/${interview.id}`);
    await button(page, "Join as interviewer").waitFor();
    await everyWay(page, (way) => isAccessible(page, `interview ${way}`));
  });

  it("the candidate's notice and device check are accessible, and consent is two buttons of the same size", async () => {
    const { page } = candidate;
    await page.goto(link("candidate"));
    const agree = button(page, "I agree");
    await agree.waitFor();
    await everyWay(page, async (way) => {
      await isAccessible(page, `notice ${way}`);
      const [yes, no] = await Promise.all([agree.boundingBox(), button(page, "I do not agree").boundingBox()]);
      expect(yes?.height).toBe(no?.height);
      expect(Math.abs((yes?.width ?? 0) - (no?.width ?? 0))).toBeLessThan(2);
    });
    await agree.click();
    await button(page, "Join the call").waitFor();
    await everyWay(page, (way) => isAccessible(page, `devices ${way}`));
  });

  it("a program that shows pages inside itself is named first, and the link goes along unspent", async () => {
    const mail = await stage.guest("mail", { phone: true });
    await mail.context.addInitScript(() =>
      Object.defineProperty(navigator, "userAgent", {
        get: () =>
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B91 [LinkedInApp]",
      }),
    );
    const { page } = mail;
    await page.goto(link("observer"));
    await reads(page, "LinkedIn opened this page inside itself");
    await button(page, "Copy your link").click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link("observer"));
    expect(await mail.context.cookies()).toEqual([]);
    await everyWay(page, (way) => isAccessible(page, `in-app ${way}`));
    await mail[Symbol.asyncDispose]();
  });

  it("a link opened on another day says so, and whom to ask, on every page up to the call", async () => {
    const client = createClient(stage.url);
    await client.call(signIn, { body: anna });
    const startsAt = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const later = await newInterview(client, { startsAt, autoStart: false });
    const early = await stage.guest("early", { phone: true });
    const { page } = early;
    const saysSo = () => reads(page, /Planned for .* This is not today.*For questions: Anna Host, anna@example\.com/);
    await page.goto(linkOf(later, "observer"));
    await saysSo();
    await everyWay(page, (way) => isAccessible(page, `other day's name ${way}`));
    await page.goto(linkOf(later, "candidate"));
    await reads(page, "This is not today");
    await button(page, "I agree").click();
    await button(page, "Join the call").waitFor();
    await page.reload();
    await saysSo();
    await everyWay(page, (way) => isAccessible(page, `other day's devices ${way}`));
    await early[Symbol.asyncDispose]();
  });

  it("a browser without what a call is made of is named first; one that cannot read the app finds a text in its place", async () => {
    const old = await stage.guest("old", { phone: true });
    await old.context.addInitScript(() => Reflect.deleteProperty(Promise, "withResolvers"));
    const { page } = old;
    await page.goto(link("candidate"));
    await reads(page, "This browser cannot hold a call");
    expect(await page.getByRole("textbox", { name: "Your link" }).inputValue()).toBe(link("candidate"));
    expect(await old.context.cookies()).toEqual([]);
    // Its people sign in and read as before, and are told when they want to join.
    await old.context.addInitScript(() => Reflect.deleteProperty(AbortSignal, "any"));
    await signInAs(page, stage.url, anna);
    await page.getByText("Ada Lovelace").first().waitFor();
    await page.goto(`${stage.url}/interviews/${interview.id}`);
    await button(page, "Join as interviewer").click();
    await reads(page, "This browser cannot hold a call");
    await page.goto(link("candidate"));
    await page.route("**/*.js", (route) => route.abort());
    await page.reload();
    await reads(page, "the browser is too old for it, or JavaScript is switched off");
    await everyWay(page, (way) => isAccessible(page, `no app ${way}`));
    await old[Symbol.asyncDispose]();
  });

  it("devices that were denied have a picture of where to allow them; a dark camera and a silent microphone are told", async () => {
    const denied = await stage.guest("denied", { phone: true });
    await denied.context.addInitScript(() => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        if (constraints?.audio) throw new DOMException("", "NotAllowedError");
        const stream = await real(constraints);
        for (const track of stream.getTracks()) track.stop();
        const black = document.createElement("canvas");
        black.getContext("2d")?.fillRect(0, 0, 300, 150);
        return black.captureStream(10);
      };
    });
    const { page } = denied;
    await page.goto(link("candidate"));
    await page.getByRole("img", { name: "Where to allow camera and microphone" }).waitFor();
    await reads(page, "The picture is very dark");
    await everyWay(page, (way) => isAccessible(page, `denied ${way}`));
    await denied[Symbol.asyncDispose]();
    const silent = await stage.guest("silent");
    await silent.page.goto(link("candidate"));
    await reads(silent.page, "We hear nothing from this microphone");
    await silent[Symbol.asyncDispose]();
  });
});

describe("in the call", () => {
  it("who waits reads whether a host is there, and is let in", async () => {
    await button(candidate.page, "Join the call").click();
    await reads(candidate.page, "Anna Host is not in the call now.");
    await everyWay(candidate.page, (way) => isAccessible(candidate.page, `waiting ${way}`));
    await joinAsInterviewer(host.page, stage.url, interview.id, true);
    await reads(candidate.page, "Anna Host has been told that you are here.");
    await button(host.page, /^Admit/).click();
    await joinAsObserver(observer.page, link("observer"), "Olga Observer");
    await button(host.page, "Start recording").click();
    for (const { page } of [host, candidate, observer]) await lampIs(page, "safe", "behind");
  });

  it("every control of the host is in reach at both sizes, Stop and Leave never touch, and nothing serious is found", async () => {
    await everyWay(host.page, async (way, size) => {
      await isAccessible(host.page, `staff ${way}`);
      for (const name of [
        ...own,
        /^(Show|Hide) panel$/,
        "Pause recording",
        "Stop recording me",
        "End for everyone",
        /1 listening/,
      ])
        await inReach(host.page, name, way, size);
      const stop = await inReach(host.page, "Stop recording", way, size);
      const leave = await inReach(host.page, "Leave", way, size);
      expect(Math.hypot(stop.x - leave.x, stop.y - leave.y), `${way}: Stop and Leave are apart`).toBeGreaterThan(88);
    });
  });

  it("so is every control of the candidate and of an observer", async () => {
    await everyWay(candidate.page, async (way, size) => {
      await isAccessible(candidate.page, `candidate ${way}`);
      for (const name of [...own, "Stop recording me", "Leave", /1 listening/])
        await inReach(candidate.page, name, way, size);
      expect(await candidate.page.getByRole("button", { name: "Stop recording", exact: true }).count()).toBe(0);
    });
    await everyWay(observer.page, async (way, size) => {
      await isAccessible(observer.page, `observer ${way}`);
      for (const name of ["Take over", "Devices", "Leave", /1 listening/])
        await inReach(observer.page, name, way, size);
    });
  });

  it("an observer who controls the recording has Pause, Stop and Leave in reach, and Stop and Leave never touch", async () => {
    const { page } = observer;
    await takeOver(page);
    await button(page, "Pause recording").waitFor();
    await everyWay(page, async (way, size) => {
      await isAccessible(page, `observer controls ${way}`);
      for (const name of ["Pause recording", "Devices", /1 listening/]) await inReach(page, name, way, size);
      const stop = await inReach(page, "Stop recording", way, size);
      const leave = await inReach(page, "Leave", way, size);
      expect(Math.hypot(stop.x - leave.x, stop.y - leave.y), `${way}: Stop and Leave are apart`).toBeGreaterThan(88);
    });
    await takeOver(host.page);
    await button(host.page, "Pause recording").waitFor();
  });

  it("on a phone everybody can open who listens, and the observer has people and suggestions in tabs", async () => {
    for (const { name, page } of [host, candidate, observer]) {
      await page.setViewportSize(sizes[1]);
      const list = page.getByRole("region", { name: "Who listens" });
      expect(await list.count()).toBe(0);
      await button(page, /1 listening/).click();
      await list.getByText("Olga Observer").waitFor();
      await isAccessible(page, `${name} listeners`);
      await page.keyboard.press("Escape");
      await list.waitFor({ state: "hidden" });
    }
    const { page } = observer;
    await page.getByRole("tab", { name: /^People/ }).click();
    const people = page.getByRole("list", { name: "People" });
    for (const name of ["Anna Host", "Ada Lovelace", "Olga Observer"]) await people.getByText(name).waitFor();
    await isAccessible(page, "observer people");
    await page.getByRole("tab", { name: "Suggestions" }).click();
    await page.getByText("No suggestions yet.").waitFor();
    await page.getByRole("tab", { name: "Transcript" }).click();
    await page.getByRole("region", { name: "Transcript" }).waitFor();
  });

  it("on a phone panel and devices leave every control and the other face in sight", async () => {
    const { page } = host;
    const face = page.getByRole("figure", { name: "Ada Lovelace" });
    for (const name of ["Show panel", "Devices"]) {
      await button(page, name).click();
      await settled(page);
      await isAccessible(page, `staff ${name}`);
      for (const still of [
        ...own,
        "Pause recording",
        "Stop recording",
        "Stop recording me",
        "End for everyone",
        "Leave",
      ])
        await inReach(page, still, name, sizes[1]);
      expect((await face.boundingBox())?.y, name).toBeLessThan(sizes[1].height / 4);
      await page.keyboard.press("Escape");
      if (name === "Show panel") await button(page, "Hide panel").click();
    }
  });

  it("the chat is open beside the call, its line and Send in reach, and nothing serious is found", async () => {
    for (const { name, page } of [host, candidate, observer]) {
      await page.setViewportSize(sizes[0]);
      await button(page, /^Chat/).click();
      await page.getByLabel("Message to everybody").fill(`${name} writes`);
      await page.keyboard.press("Enter");
      await page.getByRole("log").getByText(`${name} writes`).waitFor();
      await everyWay(page, async (way, size) => {
        await isAccessible(page, `${name} chat ${way}`);
        await inReach(page, "Send", way, size);
      });
      await page.getByLabel("Message to everybody").press("Escape");
      await page.getByRole("log").waitFor({ state: "detached" });
    }
  });
});
