/**
 * How long a join takes beside the least that it could: fifty interviewers in a row, one after the other, each followed by
 * one who joins a minimal mediasoup page. From the click on Join (devices are open) to the first sound of the other that
 * was decoded, by the page's own clock. Same browser, same worker, loopback; two microphones in each call, no camera.
 * Last numbers, two shared cores under a load of 6, its own: p50 171 ms beside 99, p95 226 ms beside 141 (n = 25). What ours takes
 * longer, in traces of single joins: 12 ms until the socket is asked for, 8 until it is open, 8 for the welcome, 10 for making
 * the connections and 10 for being sent the other's sound, on a page that also measures levels and draws itself.
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
await joinOf(page);
await leave(page);
await joinMinimal(beside);

const ours: number[] = [];
const theirs: number[] = [];
// The first of each warms the caches of both, and is not counted.
for (let n = 0; n <= joins; n++) {
  await join();
  const joinMs = await joinOf(page);
  await leave(page);
  await joinMinimal(page);
  const minimalMs = await joinOf(page);
  await page.goto("about:blank");
  if (n > 0) {
    ours.push(joinMs);
    theirs.push(minimalMs);
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

async function join(): Promise<void> {
  await page.goto(new URL(`/interviews/${id}`, target.url).href);
  await page.getByRole("button", { name: "Join as interviewer" }).click();
  await page.getByRole("button", { name: "Turn camera off" }).click();
  if (when === "checked") await page.getByText(/^(Good: direct way|Works)/).waitFor();
  await page.getByRole("button", { name: "Join the call" }).click();
}

async function joinMinimal(on: Page): Promise<void> {
  await on.goto(minimal.url);
  await on.getByRole("button", { name: "Join" }).click();
}

/** From the last click on this page to the other's first sound, ms. */
async function joinOf(on: Page): Promise<number> {
  const handle = await on.waitForFunction(() => {
    const heard = performance.getEntriesByName("verbatim.first-audio")[0];
    const click = performance.getEntriesByName("bench.click").at(-1);
    return heard && click ? Math.round(heard.startTime - click.startTime) : undefined;
  });
  return Number(await handle.jsonValue());
}

async function leave(on: Page): Promise<void> {
  await on.getByRole("button", { name: "Leave" }).first().click();
  await on.getByText("You have left the call").waitFor();
}
