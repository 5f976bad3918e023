import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { joinAsCandidate, joinAsObserver, stopRecording, takeOver } from "../rehearse/walk.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** One interview from the first visit to the player, as its people live it. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
const links: Record<string, string> = {};
let interviewId: string;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const seatOf = (page: Page, role: string): Promise<string> =>
  page.evaluate(
    async (path) => ((await (await fetch(path)).json()) as { seatId: string }).seatId,
    `/v1/call/${interviewId}/${role}`,
  );

beforeAll(async () => {
  stage = await openStage();
  host = await stage.guest("host", {
    voice: "rms",
    says: [{ atSeconds: 1, text: "good morning and welcome to our office" }],
  });
  candidate = await stage.guest("candidate", {
    says: [
      { atSeconds: 5, text: "thank you for the invitation" },
      { atSeconds: 14, text: "my first job was at a bank in the city" },
    ],
  });
  observer = await stage.guest("observer");
});
endAfterwards(() => stage);

it("the first visit asks for the terminal's code, refuses a wrong one in words, and makes the first account", async () => {
  const { page } = host;
  await page.goto(stage.url);
  await page.waitForURL(/\/setup$/);
  await page.getByLabel("One-time code").fill("WRONG-CODE-0000");
  await page.getByLabel("Organisation").fill("Acme");
  await page.getByLabel("Your name").fill("Anna Host");
  await page.getByLabel("E-mail").fill("anna@example.com");
  await page.getByLabel("Password").fill("correct horse battery");
  await button(page, "Create account").click();
  await reads(page, /not the code/);
  await page.getByLabel("One-time code").fill(stage.stack.env["SETUP_CODE"] ?? "");
  await button(page, "Create account").click();
  await page.waitForURL((at) => at.pathname === "/");
});

it("a new interview is made by its form, which names what is missing, and ends on the links", async () => {
  const { page } = host;
  await button(page, "New interview").click();
  await button(page, "Create interview").click();
  await reads(page, /is needed/i);
  await page.getByLabel("Title").fill("Backend engineer");
  await page.getByLabel("Candidate's name").fill("Ada Lovelace");
  await button(page, "Create interview").click();
  for (const role of ["candidate", "observer"]) {
    await button(page, `Copy ${role}'s link`).click();
    links[role] = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(links[role]).hash.length, "the token stands in the fragment").toBeGreaterThan(43);
  }
  await reads(page, "These links open on this machine only");
  await page.getByRole("link", { name: "Open interview" }).click();
  await page.waitForURL(/\/interviews\//);
  interviewId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
});

it("the candidate reads the notice, agrees, checks devices and waits until the host lets them in", async () => {
  await button(host.page, "Join as interviewer").click();
  await button(host.page, "Join the call").click();
  await candidate.page.goto(links["candidate"] ?? "");
  await reads(candidate.page, "What is recorded");
  expect(new URL(candidate.page.url()).hash, "the token leaves the address").toBe("");
  await joinAsCandidate(candidate.page, links["candidate"] ?? "", true);
  await button(host.page, /^Admit/).click();
  await candidate.page.locator("[data-lamp]").first().waitFor();
});

it("recording starts by itself, the lamp comes on for everyone, and everyone sees who listens", async () => {
  await joinAsObserver(observer.page, links["observer"] ?? "", "Olga Observer");
  for (const { page } of [host, candidate, observer]) {
    await lampIs(page, "safe", "behind");
    await reads(page, /Olga Observer|1 listening/);
  }
  const atMs = Date.now() + 300;
  await Promise.all([host.microphone.begin(atMs), candidate.microphone.begin(atMs)]);
});

it("spoken words reach the observer's and the host's page, and both figures of the lamp grow", async () => {
  for (const { page } of [observer, host]) {
    await expect
      .poll(async () => (await page.locator("[data-segment-id]").allTextContents()).join(" ").toLowerCase(), {
        timeout: 60_000,
      })
      .toMatch(/morning[^]*(invitation|bank|city)/);
  }
  const figure = async (name: string) => Number(await observer.page.locator(`[${name}]`).first().getAttribute(name));
  await expect.poll(() => figure("data-in-store-ms"), { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await figure("data-on-server-ms")).toBeGreaterThan(await figure("data-in-store-ms"));
});

it("the candidate's page opens no live document and shows no words of others", async () => {
  expect(await candidate.page.locator("[data-segment-id]").count()).toBe(0);
  expect(await candidate.page.locator("[data-live]").count()).toBe(0);
  // What offline speech makes of them is not put before a candidate either, unless a host wishes it.
  expect(await candidate.page.locator("[data-captions] p").count()).toBe(0);
});

it("what one writes is noticed and read by everybody, the candidate too, and a reload keeps it", async () => {
  const writes = async (page: Page, text: string): Promise<void> => {
    await page.getByLabel("Message to everybody").fill(text);
    await page.keyboard.press("Enter");
  };
  await button(candidate.page, "Chat").click();
  await writes(candidate.page, "I hear nothing, can you read me?");
  for (const { page } of [host, observer]) await reads(page, "Ada Lovelace wrote: I hear nothing, can you read me?");
  await host.page.getByRole("button", { name: "Chat, 1 unread" }).first().waitFor();
  // By the keyboard alone, from anywhere on the page.
  await host.page.locator("body").press("t");
  await writes(host.page, "We can. Please reload your page.");
  await reads(candidate.page, "We can. Please reload your page.");
  expect(await candidate.page.getByRole("log").count(), "open, its list is read aloud").toBe(1);
  await host.page.keyboard.press("Escape");
  // Half a line, before the chat is closed and the page reloaded; then one writes on behind it.
  const line = candidate.page.getByLabel("Message to everybody");
  await line.fill("It is");
  await button(candidate.page, /^Chat/).click();
  await button(candidate.page, /^Chat/).click();
  await candidate.page.keyboard.type(" reloaded");
  await candidate.page.reload();
  await lampIs(candidate.page, "safe", "behind");
  await button(candidate.page, /^Chat/).click();
  await candidate.page.keyboard.type(" now.");
  await candidate.page.keyboard.press("Enter");
  await reads(host.page, "Ada Lovelace wrote: It is reloaded now.");
  await expect.poll(() => line.inputValue()).toBe("");
  await button(candidate.page, /^Chat/).click();
  await button(candidate.page, /^Chat/).click();
  expect(await line.inputValue(), "sent, it is no draft any more").toBe("");
  for (const text of [/can you read me/, /Please reload/]) await reads(candidate.page, text);
  await button(candidate.page, /^Chat/).click();
});

it("a reload leads straight back into the same seat, and recording goes on", async () => {
  const before = await seatOf(candidate.page, "candidate");
  await candidate.page.reload();
  await lampIs(candidate.page, "safe", "behind");
  expect(await seatOf(candidate.page, "candidate")).toBe(before);
  await expect(button(candidate.page, "Join the call").count()).resolves.toBe(0);
});

it("the api stands still, then is killed: no page claims more than it last heard, the call goes on, and all comes back", async () => {
  const live = observer.page.locator("[data-live]").first();
  await using deskPage = await host.context.newPage();
  await deskPage.goto(`${stage.url}/interviews/${interviewId}`);
  // All of the page's code: what is still on its way when the server stops is another fact.
  await deskPage.getByRole("region", { name: "Player" }).waitFor();
  await deskPage.getByText("Interviewers and observers write here together.").waitFor();
  const pages = [host.page, candidate.page, observer.page, deskPage];
  const fresh = (page: Page, is: boolean) =>
    page.locator(`[data-lamp][data-fresh="${is}"]`).first().waitFor({ timeout: 60_000 });
  await Promise.all(pages.map((page) => fresh(page, true)));
  stage.stack.kill("api", "SIGSTOP");
  await Promise.all(pages.map((page) => fresh(page, false)));
  for (const page of pages) await reads(page, /Last heard \d+ s ago · safe until \d+:\d\d/);
  const was = observer.page.locator("[data-live]:not([data-live='live'])").first().waitFor({ timeout: 60_000 });
  stage.stack.kill("api", "SIGKILL");
  await was;
  await expect.poll(() => live.getAttribute("data-live"), { timeout: 60_000 }).toBe("live");
  await lampIs(observer.page, "safe", "behind");
  await Promise.all(pages.map((page) => fresh(page, true)));
});

it("the candidate's link on a second device asks the host, who can refuse", async () => {
  const second = await stage.guest("second");
  await second.page.goto(links["candidate"] ?? "");
  // This person has agreed already: the seat knows.
  await button(second.page, "Join the call").click();
  await reads(host.page, /from another device/);
  await button(host.page, /^Not now/).click();
  await reads(second.page, "You are not in this call");
  await second[Symbol.asyncDispose]();
  await lampIs(candidate.page, "safe", "behind");
});

it("an observer takes over; the host reads it in a banner and acknowledges, and nothing stops", async () => {
  await takeOver(observer.page);
  await reads(host.page, /Olga Observer took over the recording at/);
  await button(host.page, "Understood").click();
  await reads(candidate.page, /Olga Observer/);
  await lampIs(candidate.page, "safe", "behind");
});

it("Stop can be undone without a hole, and then stops for good", async () => {
  await stopRecording(observer.page);
  await lampIs(host.page, "stopped");
  await button(observer.page, "Undo stop").click();
  await lampIs(host.page, "safe", "behind");
  await stopRecording(observer.page);
  await lampIs(candidate.page, "stopped");
});

it("a host removes an observer, whose page says so; the other pages go on", async () => {
  await button(host.page, /panel/i).click();
  await host.page.getByRole("tab", { name: /^People/ }).click();
  await button(host.page, "Remove Olga Observer").click();
  const question = host.page.getByRole("group", { name: "Remove Olga Observer" });
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await reads(observer.page, "You are not in this call");
  await question.waitFor({ state: "detached" });
  await lampIs(candidate.page, "stopped");
});

it("the recording can be played, a click on a word plays it, and what is held is told", async () => {
  await button(host.page, "Leave").click();
  await host.page.goto(`${stage.url}/interviews/${interviewId}`);
  // The others are still there, and Stop can still be undone.
  await button(host.page, "Join as interviewer").waitFor();
  await host.page.locator("audio").first().waitFor({ state: "attached", timeout: 60_000 });
  // Where playing was sent to, however long it has gone on since.
  await host.page.evaluate(() => {
    const noted = (event: Event): void => {
      // The speakers' pictures are sent to places of their own files.
      if (event.target instanceof HTMLAudioElement)
        document.body.dataset["soughtTo"] = String(event.target.currentTime);
    };
    document.addEventListener("seeking", noted, true);
  });
  const playsFrom = async (word: Locator): Promise<void> => {
    const startMs = Number(await word.getAttribute("data-start-ms"));
    const sought = () => host.page.evaluate(() => Number(document.body.dataset["soughtTo"]) * 1000);
    await expect.poll(async () => Math.abs((await sought()) - startMs), { timeout: 60_000 }).toBeLessThan(50);
    await button(host.page, "Pause").waitFor();
  };
  const words = host.page.locator("[data-segment-id] [data-word]");
  const word = words.filter({ hasText: "morning" }).first();
  await word.click();
  await playsFrom(word);

  // The same by keyboard: one stop in the page, arrows from word to word, Enter plays.
  await button(host.page, "Pause").click();
  expect(await host.page.locator('[data-word][tabindex="0"]').count()).toBe(1);
  await word.focus();
  await host.page.keyboard.press("Control+Home");
  await host.page.keyboard.press("ArrowRight");
  const second = words.nth(1);
  expect(await second.evaluate((one) => [one === document.activeElement, one.tabIndex])).toEqual([true, 0]);
  expect(await host.page.locator('[data-word][tabindex="0"]').count()).toBe(1);
  await host.page.keyboard.press("Enter");
  await playsFrom(second);
  await reads(host.page, "Sound, cameras and shared screens");
  await reads(host.page, /held|No gaps|Everything said/);
  await reads(host.page, "I hear nothing, can you read me?");
});

it("sound that cannot be loaded says so and is tried again, and files are saved however long the page was open", async () => {
  const { page } = host;
  await page.route("**/master?*", (route) => route.fulfill({ status: 410 }));
  await page.reload();
  await reads(page, "The recording could not be loaded.");
  await page.unroute("**/master?*");
  await button(page, "Try again").click();
  const audio = page.locator("audio").first();
  await expect
    .poll(() => audio.evaluate((one) => (one as HTMLAudioElement).currentTime), { timeout: 60_000 })
    .toBeGreaterThan(0);
  expect(await page.getByText("The recording could not be loaded.").count()).toBe(0);
  for (const name of ["Whole recording (MP3)", "Ada Lovelace alone (MP3)", "Transcript (TXT)"]) {
    await button(page, "Download").click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name }).click();
    expect(await (await saved).failure(), name).toBeNull();
  }
});
