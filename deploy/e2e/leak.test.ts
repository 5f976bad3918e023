import type { BrowserContext } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { Interview } from "@verbatim/shared/api/interviews";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "../rehearse/walk.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, reads, type Stage } from "./stage.ts";

/** The host's loudspeaker plays into the host's own microphone. Each fact builds on the one before. */
let stage: Stage;
let host: Guest;
let candidate: Guest;
let observer: Guest;
let interview: Interview;

/** Before the page's scripts run: what its audio elements play is added to its microphone, 120 ms late at −20 dB. */
async function leakIntoMicrophone(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const audio = new AudioContext();
    const late = audio.createDelay(1);
    late.delayTime.value = 0.12;
    const leak = audio.createGain();
    leak.gain.value = 0.1;
    late.connect(leak);
    const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject")!;
    Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
      ...source,
      set(stream: MediaStream | null) {
        source.set?.call(this, stream);
        void audio.resume();
        if (this instanceof HTMLAudioElement && stream) audio.createMediaStreamSource(stream).connect(late);
      },
    });
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const given = await open(wanted);
      if (!wanted?.audio) return given;
      const mixed = audio.createMediaStreamDestination();
      audio.createMediaStreamSource(given).connect(mixed);
      leak.connect(mixed);
      return mixed.stream;
    };
  });
}

beforeAll(async () => {
  stage = await openStage();
  ({ host, candidate, observer } = await stage.guests({
    host: {},
    candidate: {
      says: [
        { atSeconds: 0, text: "Good morning. I worked at a bank in the city for seven years." },
        { atSeconds: 5, text: "We moved all the money of our customers to a new machine." },
        { atSeconds: 10, text: "It was slow at first, and then it was very fast." },
        { atSeconds: 14, text: "My team was small, and everybody knew what to do." },
        { atSeconds: 18.5, text: "In the second year we began again from the beginning." },
        { atSeconds: 23, text: "The people who used it were happy with the work." },
      ],
    },
    observer: {},
  }));
  await leakIntoMicrophone(host.context);
  ({ interview } = await firstInterview(stage));
  const link = (role: string): string => linkOf(interview, role);
  await signInAs(host.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await joinAsCandidate(candidate.page, link("candidate"), false);
  await admit(host.page);
  await joinAsObserver(observer.page, link("observer"), "Olga Observer");
});
endAfterwards(() => stage);

it("who hears the other from their own loudspeaker is asked for headphones, and nobody else", async () => {
  await lampIs(observer.page, "safe", "behind");
  await candidate.microphone.begin(Date.now() + 300);
  await reads(host.page, /Your microphone hears the others/);
  expect(await candidate.page.getByText(/Your microphone hears the others/).count()).toBe(0);
  expect(await observer.page.getByText(/microphone hears the others/).count()).toBe(0);
});

it("every word stands under the one who said it, none under the one whose microphone heard it again", async () => {
  const words = () => observer.page.locator("[data-segment-id] [data-word]").count();
  await expect.poll(words, { timeout: 120_000 }).toBeGreaterThan(20);
  const others = await observer.page
    .locator("[data-segment-id]:not([data-speaker=candidate])")
    .evaluateAll((all) => all.map((one) => one.textContent));
  expect(others).toEqual([]);
});

it("the question can be hidden", async () => {
  await host.page.getByRole("button", { name: "Hide", exact: true }).click();
  expect(await host.page.getByText(/Your microphone hears the others/).count()).toBe(0);
});
