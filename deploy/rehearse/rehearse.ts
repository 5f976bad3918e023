import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterview, type Interview, type InterviewDraft } from "@verbatim/shared/api/interviews";
import type { Rehearsal } from "./arguments.ts";
import { bringIn, uidOf } from "./bring-in.ts";
import { type Cast, member } from "./cast.ts";
import { breaksSpeech } from "./fault.ts";
import { injectFault } from "./faults.ts";
import { gather, type Spoken } from "./gather.ts";
import { withLeak } from "./leak.ts";
import { removeLeftOver } from "./left-over.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { createNetworkCut, type NetworkCut } from "./network-cut.ts";
import type { Person } from "./person.ts";
import { poll, sleep } from "./poll.ts";
import { readTemplate } from "./read-template.ts";
import { firstDurable, type Held, masterReady, stopNow } from "./recording.ts";
import type { Report } from "./report.ts";
import type { Scene } from "./scene.ts";
import { photograph } from "./screens.ts";
import { freshTarget, runningTarget, type Target } from "./target.ts";
import { typeAlong } from "./type-along.ts";
import { builtInVoice, readVoice, type Voices } from "./voices.ts";
import { startRecording } from "./walk.ts";

/** How long after the lamp the voices begin: under the promised second, and long enough to reach every page. */
const LEAD_MS = 500;
/** How much of the built-in talk is held when no length is named. */
const TALK_SECONDS = 73;
/** Whoever types has done with what they began when Stop is pressed, which may be on their page. */
const HANDS_OFF_MS = 6_000;

/**
 * Runs a whole interview and writes everything about it into `options.out`. Throws when it could not be held; once the
 * recording runs, whatever a fault breaks is told in the report. When `signal` aborts, everything is ended and its reason thrown.
 */
export async function rehearse(
  options: Rehearsal,
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Report> {
  await mkdir(options.out, { recursive: true });
  await removeLeftOver();
  await using owned = new AsyncDisposableStack();
  const spoken = options.seconds ?? TALK_SECONDS;
  const voices = {
    interviewer: options.interviewerWav
      ? await readVoice(options.interviewerWav)
      : await builtInVoice("interviewer", spoken),
    candidate: options.candidateWav ? await readVoice(options.candidateWav) : await builtInVoice("candidate", spoken),
  };
  const { leakDb } = options;
  const seconds = options.seconds ?? Math.ceil(Math.max(voices.interviewer.seconds, voices.candidate.seconds)) + 3;
  const template = options.templateFile === undefined ? null : await readTemplate(options.templateFile);
  const takesModel = options.faults.some(({ type }) => type === "llm-down");
  const model = takesModel ? owned.use(await startModelServer()) : undefined;
  const target = owned.use(
    options.url === undefined
      ? await freshTarget({
          store: options.store,
          env,
          say,
          signal,
          settings: model?.settings ?? {},
          breaksSpeech: options.faults.some(breaksSpeech),
        })
      : await runningTarget(options.url, env),
  );
  const cut = owned.use(await networkCut(options));
  const interview = await target.client.call(createInterview, { body: { ...draft(seconds, options.video), template } });

  // People leave before the stack ends, whatever happens: they are owned by a stack of their own, disposed first.
  await using people = owned.use(new AsyncDisposableStack());
  const opened: Person[] = [];
  say("Bringing everybody in");
  try {
    const { cast, joinMs } = await bringIn({
      target,
      interview,
      observers: options.observers,
      voices: leakDb === undefined ? voices : heardBy(voices, leakDb),
      video: options.video,
      out: options.out,
      owned: people,
      onOpen: (person) => opened.push(person),
      say,
      signal,
    });
    return await record(options, { target, interview, cast, opened, cut, model, joinMs, seconds, voices, say, signal });
  } catch (cause) {
    signal.throwIfAborted(); // What was waited for failed because everything is ended.
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
  readonly model: ModelServer | undefined;
  readonly joinMs: readonly number[];
  readonly seconds: number;
  readonly voices: Voices;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

async function record(options: Rehearsal, running: Running): Promise<Report> {
  const { target, cast, say, signal } = running;
  const held: Held = { target, interviewId: running.interview.id, signal };
  const clickedMs = await startRecording(member(cast, "interviewer").person.page);
  const [durableMs, spoken] = await Promise.all([firstDurable(held, clickedMs), speak(options, running, held)]);
  return await gather({
    held,
    cast,
    voices: running.voices,
    leakDb: options.leakDb,
    out: options.out,
    video: options.video,
    joinMs: running.joinMs,
    durableMs,
    ...spoken,
    interview: running.interview,
    reviewerUid: uidOf(9),
    say,
  });
}

/** From the lamp to the master: both voices, every fault at its second, and Stop at the last one, whatever has healed by then. */
async function speak(
  options: Rehearsal,
  { target, cast, opened, cut, model, seconds, say, signal }: Running,
  held: Held,
): Promise<Pick<Spoken, "beginMs" | "injected" | "closed" | "masterMs" | "typed">> {
  const screens = join(options.out, "screens");
  await lampOn(cast, signal);
  const beginMs = Date.now() + LEAD_MS;
  await Promise.all([...cast.values()].flatMap(({ microphone }) => (microphone ? [microphone.begin(beginMs)] : [])));
  say(`Speaking for ${seconds} s`);
  const until = (second: number): Promise<void> => sleep(beginMs + second * 1000 - Date.now(), signal);

  const scene: Scene = { target, cast, cut, model, closed: new Map(), signal };
  const stop = async (): Promise<number | null> => {
    await until(seconds);
    say("Stopping");
    const stoppedMs = await stopNow(held, cast);
    if (stoppedMs === null) say("The recording could not be stopped");
    const readyMs = stoppedMs === null ? null : await masterReady(held);
    const masterMs = readyMs === null || stoppedMs === null ? null : readyMs - stoppedMs;
    say(masterMs === null ? "No master was made" : `The master was ready ${masterMs} ms after Stop`);
    return masterMs;
  };
  const [injected, masterMs, , typed] = await Promise.all([
    Promise.all(
      options.faults.map(async (fault, index) => {
        await until(fault.atSeconds);
        const atMs = Date.now();
        say(`Fault: ${fault.spec}`);
        const outcome = await injectFault(fault, scene);
        const healed = outcome.recoveredMs === null ? "" : `recovered after ${outcome.recoveredMs} ms. `;
        say(`${fault.spec}: ${healed}${outcome.note}`);
        await photograph(opened, screens, `after-${index + 1}-${fault.type}`, say);
        return { spec: fault.spec, atMs, ...outcome };
      }),
    ),
    stop(),
    until(seconds / 2).then(() => photograph(opened, screens, "middle", say)),
    options.type ? typeAlong({ cast, endMs: beginMs + seconds * 1000 - HANDS_OFF_MS, say, signal }) : [],
  ]);
  return { beginMs, injected, closed: scene.closed, masterMs, typed };
}

/** On every page that shows it: the lamp means that bytes are durable, so nothing said from here on may be missing. */
async function lampOn(cast: Cast, signal: AbortSignal): Promise<void> {
  const { page } = member(cast, "interviewer").person;
  const on = await poll(
    async () => {
      const lamp = await page.locator("[data-lamp]").first().getAttribute("data-lamp");
      return lamp === "safe" || lamp === "behind";
    },
    30_000,
    { signal },
  );
  if (!on) throw new Error("The lamp did not come on within 30 s of Start.");
}

/** What each microphone hears where both listen by loudspeaker. */
const heardBy = ({ interviewer, candidate }: Voices, leakDb: number): Voices => ({
  interviewer: withLeak(interviewer, candidate, leakDb),
  candidate: withLeak(candidate, interviewer, leakDb),
});

function draft(seconds: number, video: boolean): InterviewDraft {
  return {
    title: "Rehearsal",
    candidateName: "Cora Candidate",
    startsAt: new Date().toISOString(),
    zone: "UTC",
    durationMinutes: Math.max(5, Math.min(480, Math.ceil(seconds / 60))),
    language: "en",
    // The press of Start is measured, so it is pressed.
    autoStart: false,
    recordPicture: video,
  };
}

async function networkCut(options: Rehearsal): Promise<NetworkCut | undefined> {
  if (!options.faults.some((fault) => fault.type === "offline")) return undefined;
  const uids = Array.from({ length: 2 + options.observers }, (_, index) => uidOf(index));
  return await createNetworkCut(uids.filter((uid) => uid !== undefined));
}

async function keepLogs(target: Target, out: string): Promise<void> {
  if (target.stack) await cp(join(target.stack.settings.dataDir, "logs"), join(out, "logs"), { recursive: true });
}
