/**
 * What an observer's page costs when the talk has gone on for two hours: for each change of the words that are being said,
 * and for each final segment, the time the page's main thread worked, after five minutes of talk and after two hours.
 * Chromium's own counts; the words come through the events socket, as from scribe, to a page of the production build.
 * Last numbers, two shared cores under a load of 6: 13 ms a change of unfinished words and 15 a final segment with 870 words on
 * the page, 53 and 35 with 19,800 (n = 20 of each; 34 and 40 in another run).
 * `node deploy/bench/long-transcript.bench.ts [minutes]`.
 */
import { openRecogniser } from "../e2e/recogniser.ts";
import { talk } from "../e2e/long-talk.ts";
import { anna, firstInterview } from "../e2e/new-installation.ts";
import { openStage } from "../e2e/stage.ts";
import {
  admit,
  joinAsCandidate,
  joinAsInterviewer,
  joinAsObserver,
  linkOf,
  signInAs,
  startRecording,
} from "../rehearse/walk.ts";

const [minutes = 120] = process.argv.slice(2).map(Number);
const CHANGES = 20;
await using stage = await openStage();
const [host, candidate, observer] = await Promise.all(["host", "candidate", "observer"].map((who) => stage.guest(who)));
if (!host || !candidate || !observer) throw new Error("Somebody did not come.");
const { interview } = await firstInterview(stage, { autoStart: false });
await signInAs(host.page, stage.url, anna);
await joinAsInterviewer(host.page, stage.url, interview.id, false);
await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
await admit(host.page);
await joinAsObserver(observer.page, linkOf(interview, "observer"), "Olga Observer");
await startRecording(host.page);
const { page } = observer;
await page.locator("[data-lamp='safe'], [data-lamp='behind']").first().waitFor();
await using recogniser = await openRecogniser(stage.stack, interview.id);
const devtools = await page.context().newCDPSession(page);
await devtools.send("Performance.enable");

let atMs = 0;
for (const until of [5, minutes]) {
  atMs = await talk(recogniser, until);
  await shows(`after ${until} minutes`);
  const words = await page.locator("[data-word]").count();
  for (const kind of ["interim", "final"] as const) {
    const before = await workedMs();
    for (let n = 0; n < CHANGES; n++) {
      const text = `${kind} words ${until} ${n}`;
      if (kind === "interim") await recogniser.saying("candidate", atMs, text);
      else await recogniser.said("candidate", (atMs += 2_000), text);
      await page.waitForFunction(
        // From the end, where it comes: looking through all of them at every frame took longer than drawing them.
        ({ of, wanted }) => {
          const lines = document.querySelector("[data-following]")?.children;
          const last = lines?.item(lines.length - 1);
          return (last?.matches(of) ? last : last?.querySelector(of))?.textContent?.trim() === wanted;
        },
        { of: kind === "interim" ? "[data-interim-text]" : "[data-segment-id]", wanted: text },
      );
    }
    const each = ((await workedMs()) - before) / CHANGES;
    console.log(
      JSON.stringify({ name: `${kind} words, ${words} words on the page`, ours: each, unit: "ms", n: CHANGES }),
    );
  }
}

async function shows(text: string): Promise<void> {
  await recogniser.said("candidate", (atMs += 2_000), text);
  await page.getByText(text).waitFor({ timeout: 120_000 });
}

async function workedMs(): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
}
