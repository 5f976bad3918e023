/** What a rehearsal may be told to break, and when: seconds from the moment both voices begin. */
export type Fault =
  | { readonly type: "close"; readonly person: string; readonly atSeconds: number; readonly spec: string }
  | {
      readonly type: "offline";
      readonly person: string;
      readonly atSeconds: number;
      readonly forSeconds: number;
      readonly spec: string;
    }
  | { readonly type: "takeover"; readonly observer: number; readonly atSeconds: number; readonly spec: string }
  | { readonly type: "stt-down"; readonly atSeconds: number; readonly forSeconds: number; readonly spec: string }
  | {
      readonly type: "stt-slow";
      readonly byMs: number;
      readonly atSeconds: number;
      readonly forSeconds: number;
      readonly spec: string;
    }
  | { readonly type: "llm-down"; readonly atSeconds: number; readonly forSeconds: number; readonly spec: string }
  | { readonly type: "kill"; readonly process: KillableProcess; readonly atSeconds: number; readonly spec: string };

export const breaksSpeech = ({ type }: Fault): boolean => type === "stt-down" || type === "stt-slow";

export const killable = ["capture", "ship", "scribe", "assembler", "sfu-worker", "api"] as const;
export type KillableProcess = (typeof killable)[number];

const SPEC = /^(?<what>[a-z]+):(?<whom>[a-z0-9-]+)@(?<at>\d+(?:\.\d+)?)(?:\+(?<for>\d+(?:\.\d+)?))?$/;
const PERSON = /^(interviewer|candidate|observer[1-5])$/;

const LLM = /^llm-down@(?<at>\d+(?:\.\d+)?)\+(?<for>\d+(?:\.\d+)?)$/;
const STT = /^stt-(?<how>down|slow)(?:=(?<ms>\d+))?@(?<at>\d+(?:\.\d+)?)(?:\+(?<for>\d+(?:\.\d+)?))?$/;

/** Reads `close:PERSON@S`, `offline:PERSON@S+D`, `takeover:N@S`, `kill:PROCESS@S` and the faults of speech service and language model; throws a sentence that names what is wrong. */
export function parseFault(spec: string): Fault {
  if (spec.startsWith("stt-")) return parseSpeechFault(spec);
  if (spec.startsWith("llm-")) return parseModelFault(spec);
  const groups = SPEC.exec(spec)?.groups;
  if (!groups) throw new Error(`--fault ${spec}: must look like kill:capture@20 or offline:candidate@20+15.`);
  const whom = groups["whom"] ?? "";
  const atSeconds = Number(groups["at"]);
  const forSeconds = groups["for"] === undefined ? undefined : Number(groups["for"]);
  if (forSeconds !== undefined && groups["what"] !== "offline") {
    throw new Error(`--fault ${spec}: only offline takes a duration (+D).`);
  }
  switch (groups["what"]) {
    case "close":
      return { type: "close", person: personOf(whom, spec), atSeconds, spec };
    case "offline":
      if (!forSeconds) throw new Error(`--fault ${spec}: offline needs a duration, as in offline:candidate@20+15.`);
      return { type: "offline", person: personOf(whom, spec), atSeconds, forSeconds, spec };
    case "takeover": {
      const observer = Number(whom);
      if (!Number.isInteger(observer) || observer < 1 || observer > 5) {
        throw new Error(`--fault ${spec}: takeover needs an observer's number from 1 to 5.`);
      }
      return { type: "takeover", observer, atSeconds, spec };
    }
    case "kill": {
      const process = killable.find((each) => each === whom);
      if (!process) throw new Error(`--fault ${spec}: can kill ${killable.join(", ")}.`);
      return { type: "kill", process, atSeconds, spec };
    }
    default:
      throw new Error(`--fault ${spec}: can be close, offline, takeover, kill, stt-down, stt-slow or llm-down.`);
  }
}

/** `stt-down@S+D` and `stt-slow=MS@S+D`. */
function parseSpeechFault(spec: string): Fault {
  const groups = STT.exec(spec)?.groups;
  const [atSeconds, forSeconds, byMs] = [Number(groups?.["at"]), Number(groups?.["for"]), Number(groups?.["ms"])];
  if (groups?.["how"] === "down" && Number.isNaN(byMs) && forSeconds > 0) {
    return { type: "stt-down", atSeconds, forSeconds, spec };
  }
  if (groups?.["how"] === "slow" && byMs > 0 && forSeconds > 0) {
    return { type: "stt-slow", byMs, atSeconds, forSeconds, spec };
  }
  throw new Error(`--fault ${spec}: must look like stt-down@20+15 or stt-slow=800@20+15.`);
}

/** `llm-down@S+D`. */
function parseModelFault(spec: string): Fault {
  const groups = LLM.exec(spec)?.groups;
  const [atSeconds, forSeconds] = [Number(groups?.["at"]), Number(groups?.["for"])];
  if (forSeconds > 0) return { type: "llm-down", atSeconds, forSeconds, spec };
  throw new Error(`--fault ${spec}: must look like llm-down@20+15.`);
}

function personOf(whom: string, spec: string): string {
  if (!PERSON.test(whom))
    throw new Error(`--fault ${spec}: a person is interviewer, candidate or observer1 to observer5.`);
  return whom;
}
