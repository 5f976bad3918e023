/**
 * How soon who comes late to a long talk sees everything: observers, one after the other, each in a browser that has nothing of
 * ours in its cache, into a call of which an hour was said. From the press until all that one sees is drawn, and until every word is, by
 * the page's own clock, and the way there: each request and socket by when it was asked for and when it was answered.
 * Last numbers, two cores that carry the two others' pictures too, 9,878 words, n = 10: all that one sees p50 678 ms, p95 866; every
 * word 1,266 and 1,805. On the same slow day, before tickets were asked for at the press and the document was sent unasked:
 * 664 to 753 and 1,021 to 1,395 (three rounds); on a quicker day 490 and 750 then.
 * `node deploy/bench/late-joins.bench.ts [joins] [minutes]`.
 */
import { builtInTemplates } from "@verbatim/shared/plan/built-in";
import type { BrowserContext, Page } from "playwright-core";
import { talk } from "../e2e/long-talk.ts";
import { anna, firstInterview } from "../e2e/new-installation.ts";
import { openRecogniser } from "../e2e/recogniser.ts";
import { openStage } from "../e2e/stage.ts";
import { type Arrival, installArrival, readArrival } from "../rehearse/arrival.ts";
import { poll } from "../rehearse/poll.ts";
import { figures } from "../rehearse/report.ts";
import {
  admit,
  joinAsCandidate,
  joinAsInterviewer,
  joinAsObserver,
  leaveCall,
  linkOf,
  signInAs,
  startRecording,
} from "../rehearse/walk.ts";

const [joins = 12, minutes = 60] = process.argv.slice(2).map(Number);
const [template] = builtInTemplates;
if (!template) throw new Error("There is no template.");
await using stage = await openStage();
const { host, candidate } = await stage.guests({ host: {}, candidate: {} });
const { interview } = await firstInterview(stage, { autoStart: false, template });
await signInAs(host.page, stage.url, anna);
await joinAsInterviewer(host.page, stage.url, interview.id, false);
await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
await admit(host.page);
await startRecording(host.page);
await host.page.locator("[data-lamp='safe'], [data-lamp='behind']").first().waitFor();
await using recogniser = await openRecogniser(stage.stack, interview.id);
await talk(recogniser, minutes);
await host.page.locator("[data-suggestion-id]").first().waitFor({ timeout: 120_000 });
const [segments, suggestions] = await Promise.all(
  ["[data-segment-id]", "[data-suggestion-id]"].map((each) => host.page.locator(each).count()),
);
const words = await host.page.locator("[data-word]").count();

const late = await stage.guest("late");
const browser = late.context.browser();
if (!browser) throw new Error("The browser is gone.");
const arrived: Arrival[] = [];
const ways = new Map<string, number[]>();
// The first one warms the server, and is not counted.
for (let n = 0; n <= joins; n++) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  await installArrival(context, {
    segments: segments ?? 0,
    suggestions: suggestions ?? 0,
    questions: template.questions.length,
    people: 3,
  });
  await noteWay(context);
  const page = await context.newPage();
  await joinAsObserver(page, linkOf(interview, "observer"), "Late Observer", "typed");
  const arrival = await poll(() => readArrival(page), 30_000);
  if (!arrival) throw new Error("Not everything came within 30 s.");
  const way = await readWay(page);
  await leaveCall(page);
  await page.getByText("You have left the call").waitFor();
  await context.close();
  if (n === 0) continue;
  arrived.push(arrival);
  for (const [name, atMs] of way) ways.set(name, [...(ways.get(name) ?? []), atMs]);
}
console.log(`${words} words in ${segments} segments, ${suggestions} suggestions`);
for (const [name, atMs] of ways) console.log(`${name}: p50 ${Math.round(figures(atMs).p50 ?? 0)} ms`);
for (const which of ["p50", "p95"] as const) {
  for (const [name, of] of [
    ["all that one sees", arrived.map(({ screenMs }) => screenMs)],
    ["every word", arrived.map(({ everythingMs }) => everythingMs)],
  ] as const) {
    const ours = Math.round(figures(of)[which] ?? 0);
    console.log(JSON.stringify({ name: `late join, press to ${name} ${which}`, ours, unit: "ms", n: arrived.length }));
  }
}

/** Marks when sockets are asked for, open and first answer. */
async function noteWay(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    addEventListener("click", () => performance.mark("way.press"), { capture: true });
    const Native = WebSocket;
    const Noted = class extends Native {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        const name = new URL(url).pathname.split("/")[1];
        performance.mark(`way.${name} asked`);
        this.addEventListener("open", () => performance.mark(`way.${name} open`));
        this.addEventListener("message", () => performance.mark(`way.${name} answered`), { once: true });
      }
    };
    window.WebSocket = Noted;
  });
}

/** Each step's time behind the press, in their order. */
async function readWay(page: Page): Promise<[string, number][]> {
  return await page.evaluate(() => {
    const pressed = performance.getEntriesByName("way.press").at(-1)?.startTime ?? 0;
    const marks = performance
      .getEntriesByType("mark")
      .filter(({ name }) => name.startsWith("way.") || name.startsWith("verbatim."))
      .map(({ name, startTime }): [string, number] => [name.replace("way.", ""), startTime]);
    const requests = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).flatMap(
      ({ name, startTime, responseEnd }, at): [string, number][] => {
        const path = `${new URL(name).pathname.split("/").at(-1)}`;
        const which = /^\d|^[0-9a-f-]{36}$/.test(path) ? `${new URL(name).pathname}` : path;
        return [
          [`${which} asked`, startTime],
          [`${which} answered`, responseEnd],
        ].map(([step, ms]) => [/ticket/.test(`${step}`) ? `${step} ${at}` : `${step}`, Number(ms)]);
      },
    );
    return [...marks, ...requests]
      .map(([name, ms]): [string, number] => [name, ms - pressed])
      .filter(([, ms]) => ms >= 0)
      .toSorted(([, a], [, b]) => a - b);
  });
}
