import { parseArgs } from "node:util";
import { breaksSpeech, type Fault, parseFault } from "./fault.ts";

export type Rehearsal = {
  readonly out: string;
  readonly interviewerWav: string | undefined;
  readonly candidateWav: string | undefined;
  readonly observers: number;
  /** From the moment both voices begin; undefined: until both WAVs, or the first part of the built-in talk, have been heard. */
  readonly seconds: number | undefined;
  readonly video: boolean;
  readonly store: "disk" | "s3";
  readonly faults: readonly Fault[];
  /** How loud each speaker's microphone hears the other from the loudspeaker, dB of what the other says; undefined: not at all. */
  readonly leakDb: number | undefined;
  /** A JSON file with the plan of the talk. */
  readonly templateFile: string | undefined;
  /** Observers write notes and comment on words. */
  readonly type: boolean;
  /** A running Verbatim instead of a fresh stack. */
  readonly url: string | undefined;
};

export const usage = `npm run rehearse -- --out DIR [--interviewer a.wav] [--candidate b.wav] [--observers 0..5]
  [--seconds S] [--video] [--store disk|s3] [--fault SPEC]... [--leak DB] [--template FILE] [--type] [--url URL]
faults: close:PERSON@S  offline:PERSON@S+D  takeover:N@S  kill:PROCESS@S  stt-down@S+D  stt-slow=MS@S+D  llm-down@S+D
leak:   each speaker's microphone hears the other 150 ms late at DB (such as -20), as from a loudspeaker
type:   every observer writes notes and comments on words, all the while`;

/** Reads the command line; throws one sentence per fault in it, all at once. */
export function readArguments(argv: readonly string[]): Rehearsal {
  const { values } = parseArgs({
    args: withNumbersBelowZero(argv),
    strict: true,
    options: {
      out: { type: "string" },
      interviewer: { type: "string" },
      candidate: { type: "string" },
      observers: { type: "string", default: "2" },
      seconds: { type: "string" },
      video: { type: "boolean", default: false },
      store: { type: "string", default: "disk" },
      fault: { type: "string", multiple: true, default: [] },
      leak: { type: "string" },
      template: { type: "string" },
      type: { type: "boolean", default: false },
      url: { type: "string" },
    },
  });
  const wrong: string[] = [];
  const observers = Number(values.observers);
  if (!Number.isInteger(observers) || observers < 0 || observers > 5) wrong.push("--observers must be 0 to 5.");
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 7_200)) wrong.push("--seconds must be between 1 and 7200.");
  const leakDb = values.leak === undefined ? undefined : Number(values.leak);
  if (leakDb !== undefined && !(leakDb >= -60 && leakDb < 0)) wrong.push("--leak must be -60 to below 0 (dB).");
  if (values.store !== "disk" && values.store !== "s3") wrong.push("--store must be disk or s3.");
  if (values.url !== undefined && !URL.canParse(values.url))
    wrong.push("--url must be an address such as http://localhost:3000.");
  if (values.type && observers === 0) wrong.push("--type needs observers.");
  if (values.type && values.url !== undefined)
    wrong.push("--type: what is kept is read from the database, and that of --url is not ours to read.");
  const faults: Fault[] = [];
  for (const spec of values.fault) {
    try {
      const fault = parseFault(spec);
      faults.push(fault);
      const observer = fault.type === "takeover" ? fault.observer : observerNumber(fault);
      if (observer > observers) wrong.push(`--fault ${spec}: there are ${observers} observers.`);
      if (fault.type === "kill" && values.url !== undefined)
        wrong.push(`--fault ${spec}: cannot kill processes of --url.`);
      if (breaksSpeech(fault) && values.url !== undefined)
        wrong.push(`--fault ${spec}: cannot break the speech service of --url.`);
      if (fault.type === "llm-down" && (values.url !== undefined || values.template === undefined))
        wrong.push(`--fault ${spec}: needs --template, and a model of the rehearsal's own, so not --url.`);
      if (seconds !== undefined && fault.atSeconds > seconds)
        wrong.push(`--fault ${spec}: lies after --seconds ${seconds}.`);
    } catch (cause) {
      wrong.push(cause instanceof Error ? cause.message : String(cause));
    }
  }
  if (wrong.length > 0) throw new Error(`${wrong.join("\n")}\n${usage}`);
  return {
    out: values.out ?? "rehearsal",
    interviewerWav: values.interviewer,
    candidateWav: values.candidate,
    observers,
    seconds,
    video: values.video,
    store: values.store === "s3" ? "s3" : "disk",
    faults: faults.toSorted((a, b) => a.atSeconds - b.atSeconds),
    leakDb,
    templateFile: values.template,
    type: values.type,
    url: values.url,
  };
}

/** parseArgs takes the -20 of `--leak -20` for another option. */
const withNumbersBelowZero = (argv: readonly string[]): string[] =>
  argv.flatMap((arg, n) => {
    if (/^-\d/.test(arg) && argv[n - 1] === "--leak") return [];
    return arg === "--leak" && /^-\d/.test(argv[n + 1] ?? "") ? [`--leak=${argv[n + 1]}`] : [arg];
  });

function observerNumber(fault: Fault): number {
  if (fault.type !== "close" && fault.type !== "offline") return 0;
  return Number(/^observer(\d)$/.exec(fault.person)?.[1] ?? 0);
}
