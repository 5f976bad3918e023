import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Interview } from "@verbatim/shared/api/interviews";
import type { Cast, Member } from "./cast.ts";
import { createMicrophone, type Voice } from "./microphone.ts";
import { openPerson, type Person } from "./person.ts";
import { poll } from "./poll.ts";
import type { Target } from "./target.ts";
import { createTurn } from "./turn.ts";
import { admit, joinAsCandidate, joinAsInterviewer, joinAsObserver, linkOf, signInAs } from "./walk.ts";
import { installWatch } from "./watch.ts";

/** Each person's processes run under a user of their own, so that their packets can be told apart; two rehearsals at once have different ones. */
const FIRST_UID = 61_001 + (process.pid % 250) * 16;
export const uidOf = (index: number): number | undefined => (process.getuid?.() === 0 ? FIRST_UID + index : undefined);

export type Arrival = { readonly cast: Cast; readonly joinMs: readonly number[] };

/** Everybody's way in, through the real pages: interviewer, candidate (admitted by the interviewer), observers. */
export async function bringIn(options: {
  readonly target: Target;
  readonly interview: Interview;
  readonly observers: number;
  readonly voices: { readonly interviewer: Voice; readonly candidate: Voice };
  readonly video: boolean;
  readonly out: string;
  readonly owned: AsyncDisposableStack;
  /** Told of each browser as it opens. */
  readonly onOpen: (person: Person) => void;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Arrival> {
  const { target, interview, owned, signal } = options;
  const cast = new Map<string, Member>();
  const joinMs: number[] = [];
  const medium = options.video ? "video" : "audio";
  let index = 0;

  const enter = async (
    name: string,
    voice: Voice | undefined,
  ): Promise<Pick<Member, "person" | "microphone" | "turn">> => {
    const microphone = voice ? createMicrophone(voice, (line) => options.say(`${name}: ${line}`)) : undefined;
    const person = owned.use(
      await openPerson({
        name,
        uid: uidOf(index++),
        speaks: voice !== undefined,
        viewport: { width: 1280, height: 720 },
        onLine: await logTo(options.out, name, owned),
        async prepare(context) {
          await installWatch(context);
          await microphone?.install(context);
        },
        signal,
      }),
    );
    options.onOpen(person);
    return { person, microphone, turn: createTurn() };
  };
  const interviewer = await enter("interviewer", options.voices.interviewer);
  await signInAs(interviewer.person.page, target.url, target.account);
  await joinAsInterviewer(interviewer.person.page, target.url, interview.id, options.video);
  cast.set("interviewer", {
    ...interviewer,
    role: "interviewer",
    seatId: await seatOf(interviewer.person, interview.id, "interviewer"),
  });

  const candidate = await enter("candidate", options.voices.candidate);
  await joinAsCandidate(candidate.person.page, linkOf(interview, "candidate"), options.video);
  // Waiting is the host's time, not the join's: the candidate's clock runs from the moment the host lets them in.
  const admittedMs = await admit(interviewer.person.page);
  joinMs.push((await firstMediaAt(candidate.person, medium, signal)) - admittedMs);
  cast.set("candidate", {
    ...candidate,
    role: "candidate",
    seatId: await seatOf(candidate.person, interview.id, "candidate"),
  });

  for (let number = 1; number <= options.observers; number++) {
    const name = `observer${number}`;
    const observer = await enter(name, undefined);
    const clickedMs = await joinAsObserver(observer.person.page, linkOf(interview, "observer"), `Observer ${number}`);
    joinMs.push((await firstMediaAt(observer.person, medium, signal)) - clickedMs);
    cast.set(name, { ...observer, role: "observer", seatId: await seatOf(observer.person, interview.id, "observer") });
  }
  return { cast, joinMs };
}

/** The host's time at which the page first decoded another person's sound, or drew their first frame. */
async function firstMediaAt(person: Person, medium: "audio" | "video", signal: AbortSignal): Promise<number> {
  const at = await poll(
    () =>
      person.page.evaluate((name) => {
        const mark = performance.getEntriesByName(name)[0];
        return mark ? Math.round(performance.timeOrigin + mark.startTime) : undefined;
      }, `verbatim.first-${medium}`),
    30_000,
    { everyMs: 20, signal },
  );
  if (at === undefined) throw new Error(`${person.name} received no ${medium} within 30 s of joining.`);
  return at;
}

async function seatOf(person: Person, interviewId: string, role: string): Promise<string> {
  const entry = await person.page.evaluate(
    async (path) => (await fetch(path)).json() as Promise<unknown>,
    `/v1/call/${interviewId}/${role}`,
  );
  return z.object({ seatId: z.string() }).parse(entry).seatId;
}

async function logTo(out: string, name: string, owned: AsyncDisposableStack): Promise<(line: string) => void> {
  await mkdir(join(out, "logs"), { recursive: true });
  const file = createWriteStream(join(out, "logs", `${name}.page.log`));
  owned.defer(() => new Promise<void>((resolve) => file.end(resolve)));
  return (line) => file.write(`${new Date().toISOString()} ${line}\n`);
}
