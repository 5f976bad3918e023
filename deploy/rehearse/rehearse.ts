import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterview, type Interview, type InterviewDraft } from "@verbatim/shared/api/interviews";
import type { Rehearsal } from "./arguments.ts";
import { bringIn, uidOf } from "./bring-in.ts";
import { type Cast, member, observersOf } from "./cast.ts";
import { collectFiles, copyStore, recordingOf, transcriptOf } from "./collect.ts";
import { type FaultOutcome, injectFault, type Scene, sleep } from "./faults.ts";
import { createNetworkCut, type NetworkCut } from "./network-cut.ts";
import { openPerson, type Person } from "./person.ts";
import { poll } from "./poll.ts";
import { Report } from "./report.ts";
import { finished, firstDurable, stopNow } from "./recording.ts";
import { photograph } from "./screens.ts";
import { compareObservers, engineFigures, wordFigures } from "./measure.ts";
import { freshTarget, runningTarget, type Target } from "./target.ts";
import { builtInVoice, readVoice } from "./voices.ts";
import { signInAs, startRecording } from "./walk.ts";

/** How long after the lamp the voices begin: under the promised second, and long enough to reach every page. */
const LEAD_MS = 300;

/** Runs a whole interview and writes everything about it into `options.out`. Throws when it could not be held. */
export async function rehearse(
  options: Rehearsal,
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Report> {
  await mkdir(options.out, { recursive: true });
  await using owned = new AsyncDisposableStack();
  const voices = {
    interviewer: options.interviewerWav ? await readVoice(options.interviewerWav) : await builtInVoice("interviewer"),
    candidate: options.candidateWav ? await readVoice(options.candidateWav) : await builtInVoice("candidate"),
  };
  const seconds = options.seconds ?? Math.ceil(Math.max(voices.interviewer.seconds, voices.candidate.seconds)) + 3;
  const target = owned.use(
    options.url === undefined
      ? await freshTarget({ store: options.store, env, say, signal })
      : await runningTarget(options.url, env),
  );
  const cut = owned.use(await networkCut(options));
  const interview = await target.client.call(createInterview, { body: draft(seconds) });

  // People leave before the stack ends, whatever happens: they are owned by a stack of their own, disposed first.
  await using people = owned.use(new AsyncDisposableStack());
  const opened: Person[] = [];
  say("Bringing everybody in");
  try {
    const { cast, joinMs } = await bringIn({
      target,
      interview,
      observers: options.observers,
      voices,
      video: options.video,
      out: options.out,
      owned: people,
      onOpen: (person) => opened.push(person),
    });
    return await record(options, { target, interview, cast, opened, cut, joinMs, seconds, say, signal });
  } catch (cause) {
    await photograph(opened, join(options.out, "screens"), "failed", say);
    throw cause;
  } finally {
    await keepLogs(target, options.out);
  }
}

type Running = {
  readonly target: Target;
  readonly interview: Interview;
  readonly cast: Cast;
  readonly opened: readonly Person[];
  readonly cut: NetworkCut | undefined;
  readonly joinMs: readonly number[];
  readonly seconds: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

async function record(options: Rehearsal, running: Running): Promise<Report> {
  const { target, interview, cast, seconds, say, signal } = running;
  const screens = join(options.out, "screens");
  const clickedMs = await startRecording(member(cast, "interviewer").person.page);
  const durable = firstDurable(target, interview.id, clickedMs);
  await lampOn(cast);
  const beginMs = Date.now() + LEAD_MS;
  await Promise.all([...cast.values()].flatMap(({ microphone }) => (microphone ? [microphone.begin(beginMs)] : [])));
  say(`Speaking for ${seconds} s`);

  const scene: Scene = { target, interviewId: interview.id, cast, cut: running.cut, signal };
  const middle = sleep(beginMs + seconds * 500 - Date.now(), signal).then(() =>
    photograph(running.opened, screens, "middle", say),
  );
  const outcomes = await Promise.all(
    options.faults.map(async (fault, index) => {
      await sleep(beginMs + fault.atSeconds * 1000 - Date.now(), signal);
      const atMs = Date.now();
      say(`Fault: ${fault.spec}`);
      const outcome = await injectFault(fault, scene);
      const healed = outcome.recoveredMs === null ? "" : `recovered after ${outcome.recoveredMs} ms. `;
      say(`${fault.spec}: ${healed}${outcome.note}`);
      await photograph(running.opened, screens, `after-${index + 1}-${fault.type}`, say);
      return { spec: fault.spec, atMs, ...outcome };
    }),
  );
  await middle;
  await sleep(beginMs + seconds * 1000 - Date.now(), signal);

  say("Stopping");
  const stoppedMs = await stopNow(target, interview.id, cast);
  const { review, masterMs } = await finished(target, interview.id, stoppedMs, say);
  const startedAtMs = Date.parse(review.startedAt ?? "");
  const seen = await compareObservers(observersOf(cast), review, join(options.out, "observers"));
  await collectFiles(target.client, review, options.out);
  const { stack } = target;
  if (stack) await copyStore(stack, interview.id, options.out);
  await photographReview(target, interview.id, screens, say);

  const report: Report = {
    interviewId: interview.id,
    recording: recordingOf(review),
    timings: {
      readyMs: target.readyMs,
      speechStartMs: beginMs - startedAtMs,
      joinMs: [...running.joinMs],
      startToFirstDurableMs: await durable,
      stopToMasterMs: masterMs,
      wordMs: wordFigures(review, seen, startedAtMs),
      engineMs: engineFigures(review),
      takeoverMs: largest(outcomes),
    },
    transcript: transcriptOf(review),
    observers: seen.map(({ name, segmentsSeen, sameAsServer }) => ({ name, segmentsSeen, sameAsServer })),
    faults: outcomes.map(({ spec, atMs, recoveredMs, note }) => ({
      spec,
      atMs: atMs - startedAtMs,
      recoveredMs,
      note,
    })),
  };
  await writeFile(join(options.out, "report.json"), `${JSON.stringify(Report.parse(report), null, 2)}\n`);
  return report;
}

function largest(outcomes: readonly FaultOutcome[]): number | null {
  const measured = outcomes.flatMap((each) => (each.takeoverMs === undefined ? [] : [each.takeoverMs]));
  return measured.length === 0 ? null : Math.max(...measured);
}

/** On every page that shows it: the lamp means that bytes are durable, so nothing said from here on may be missing. */
async function lampOn(cast: Cast): Promise<void> {
  const { page } = member(cast, "interviewer").person;
  const on = await poll(async () => {
    const lamp = await page.locator("[data-lamp]").first().getAttribute("data-lamp");
    return lamp === "safe" || lamp === "behind";
  }, 30_000);
  if (!on) throw new Error("The lamp did not come on within 30 s of Start.");
}

function draft(seconds: number): InterviewDraft {
  return {
    title: "Rehearsal",
    candidateName: "Cora Candidate",
    startsAt: new Date().toISOString(),
    zone: "UTC",
    durationMinutes: Math.max(5, Math.min(480, Math.ceil(seconds / 60))),
    language: "en",
    // The press of Start is measured, so it is pressed.
    autoStart: false,
  };
}

async function networkCut(options: Rehearsal): Promise<NetworkCut | undefined> {
  if (!options.faults.some((fault) => fault.type === "offline")) return undefined;
  const uids = Array.from({ length: 2 + options.observers }, (_, index) => uidOf(index));
  return await createNetworkCut(uids.filter((uid) => uid !== undefined));
}

async function photographReview(
  target: Target,
  interviewId: string,
  screens: string,
  say: (line: string) => void,
): Promise<void> {
  await using reviewer = await openPerson({
    name: "review",
    uid: uidOf(9),
    speaks: false,
    viewport: { width: 1280, height: 720 },
    onLine: () => undefined,
    prepare: async () => undefined,
  });
  await signInAs(reviewer.page, target.url, target.account);
  await reviewer.page.goto(new URL(`/interviews/${interviewId}`, target.url).href);
  await reviewer.page
    .locator("[data-segment-id]")
    .first()
    .waitFor({ timeout: 10_000 })
    .catch(() => say("The review page shows no transcript."));
  await reviewer.page.screenshot({ path: join(screens, "review.png") });
}

async function keepLogs(target: Target, out: string): Promise<void> {
  if (target.stack) await cp(join(target.stack.settings.dataDir, "logs"), join(out, "logs"), { recursive: true });
}
