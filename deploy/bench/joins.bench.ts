/**
 * How long a join takes beside the least that it could: fifty interviewers in a row, one after the other, in turns with
 * as many who join a minimal mediasoup page. From the click on Join (devices are open) to the first sound of the other that
 * was decoded, by the page's own clock. Same browser, same worker, loopback; two microphones in each call, no camera.
 * Last numbers, two cores with nothing else to do: p50 110 ms beside 93, p95 162 ms beside 154 (n = 50). Under a load of 20, with
 * the live document opened beside the sound, it was p50 154 ms beside 86, p95 196 ms beside 124 (n = 25).
 * `node deploy/bench/joins.bench.ts [joins] [checked|at-once]`: Join is pressed when the device check has ended, or 50 ms after
 * its page is there, while the check still has three connections of its own under way.
 */
import type { Page } from "playwright-core";
import { createInterview } from "@verbatim/shared/api/interviews";
import { openPerson, type Person } from "../rehearse/person.ts";
import { figures } from "../rehearse/report.ts";
import { freshTarget } from "../rehearse/target.ts";
import { admit, joinAsCandidate, joinAsInterviewer, signInAs } from "../rehearse/walk.ts";
import { startMinimalCall } from "./minimal-call/server.ts";

const [count = "50", when = "checked"] = process.argv.slice(2);
const joins = Number(count);
/** Of each, before any counts: the caches of both are warm. */
const WARM_UP = 2;
/** How long a finger stays on a button, ms; its press counts from when it leaves. */
const FINGER_MS = 80;
const signal = new AbortController().signal;
await using target = await freshTarget({ store: "disk", env: process.env, say: () => undefined, signal });
await using minimal = await startMinimalCall();
const { id, links } = await target.client.call(createInterview, {
  body: {
    title: "Joins",
    candidateName: "Cora Candidate",
    startsAt: new Date().toISOString(),
    zone: "UTC",
    durationMinutes: 60,
    language: "en",
    autoStart: false,
  },
});
await using candidate = await person("candidate");
await using interviewer = await person("interviewer");
const beside = await candidate.context.newPage();
const { page } = interviewer;

await signInAs(page, target.url, target.account);
await joinAsInterviewer(page, target.url, id, false);
await joinAsCandidate(candidate.page, links.find(({ role }) => role === "candidate")?.url ?? "", false);
await admit(page);
await leave(page);
await beside.goto(minimal.url);
await beside.getByRole("button", { name: "Join" }).click();

const ours: number[] = [];
const theirs: number[] = [];
for (let n = -WARM_UP; n < joins; n++) {
  const pair = [
    { times: ours, once: ourJoin },
    { times: theirs, once: minimalJoin },
  ];
  // In turns: what a machine still does in the wake of a join falls on both alike.
  for (const { times, once } of n % 2 === 0 ? pair : pair.toReversed()) {
    const tookMs = await once();
    if (n >= 0) times.push(tookMs);
    await page.goto("about:blank");
  }
}
const [our, their] = [figures(ours), figures(theirs)];
for (const which of ["p50", "p95"] as const) {
  const [mine, peer] = [our[which] ?? 0, their[which] ?? 0];
  console.log(
    JSON.stringify({
      name: `joins in a row, click to first sound ${which}`,
      ours: mine,
      peer,
      peerName: "a minimal mediasoup page",
      unit: "ms",
      ratio: mine / peer,
      n: joins,
    }),
  );
}

async function person(name: string): Promise<Person> {
  return await openPerson({
    name,
    uid: undefined,
    speaks: true,
    viewport: { width: 1280, height: 720 },
    onLine: () => undefined,
    async prepare(context) {
      await context.addInitScript(() => {
        addEventListener("click", () => performance.mark("bench.click"), { capture: true });
      });
    },
  });
}

async function ourJoin(): Promise<number> {
  await page.goto(new URL(`/interviews/${id}`, target.url).href);
  await page.getByRole("button", { name: "Join as interviewer" }).click();
  await page.getByRole("button", { name: "Turn camera off" }).click();
  if (when === "checked") await page.getByText(/^(Good: direct way|Works)/).waitFor();
  const tookMs = await pressed(page, "Join the call");
  await leave(page);
  return tookMs;
}

async function minimalJoin(): Promise<number> {
  await page.goto(minimal.url);
  await page.getByRole("button", { name: "Join" }).waitFor();
  // As long as our page stands until its device check has ended.
  if (when === "checked") await page.waitForTimeout(1_500);
  return await pressed(page, "Join");
}

/**
 * From the press to the other's first sound, ms. Asked for before the press: what Playwright brings into a page at its
 * first question takes 15 ms of it, on ours and on theirs.
 */
async function pressed(on: Page, name: string): Promise<number> {
  const heard = on.evaluate(async () => {
    await new Promise<void>((resolve) => {
      new PerformanceObserver((list) => {
        if (list.getEntriesByName("verbatim.first-audio").length > 0) resolve();
      }).observe({ type: "mark" });
    });
    const [first] = performance.getEntriesByName("verbatim.first-audio");
    const click = performance.getEntriesByName("bench.click").at(-1);
    return first && click ? Math.round(first.startTime - click.startTime) : Number.NaN;
  });
  const [tookMs] = await Promise.all([heard, on.getByRole("button", { name }).click({ delay: FINGER_MS })]);
  return tookMs;
}

async function leave(on: Page): Promise<void> {
  await on.getByRole("button", { name: "Leave" }).first().click();
  await on.getByText("You have left the call").waitFor();
}
