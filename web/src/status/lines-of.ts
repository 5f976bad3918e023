import type { ProcessStatus, Status } from "@verbatim/shared/api/status";
import type { status as statusWords } from "../words/en/status.ts";
import { duration, size } from "./amounts.ts";

/** `wrong` needs somebody now; `note` should be known, and is as the operator chose it. */
export type Level = "good" | "note" | "wrong";
export type StatusLine = {
  readonly name: string;
  readonly level: Level;
  readonly said: string;
  /** What to do; only where there is something. */
  readonly remedy?: string;
};
type Group = keyof typeof statusWords.groups;
type Words = typeof statusWords;

/** Of one interview with pictures: below this an operator has to act, some hours before pictures are left out. */
const FEW_HOURS = 4;
/** Speech is a few seconds behind at any time; a minute is a fault that does not pass by itself. */
const SPEECH_BEHIND_S = 60;

/** Everything that the page says, line by line. */
export function linesOf(status: Status, words: Words): Readonly<Record<Group, readonly StatusLine[]>> {
  return {
    processes:
      status.processes.length === 0
        ? [
            {
              name: words.groups.processes,
              level: "note",
              said: words.process.unknown,
              remedy: words.process.unknownRemedy,
            },
          ]
        : status.processes.map((each) => processLine(each, words)),
    around: [databaseLine(status, words), storeLine(status, words), speechLine(status, words)],
    room: [callsLine(status, words), ...diskLines(status, words)],
    rest: status.encryption.map((each) => encryptionLine(each, status, words)),
  };
}

function processLine({ name, state, runningForS, memoryBytes }: ProcessStatus, { process }: Words): StatusLine {
  const facts = [
    process.state[state],
    ...(runningForS === null ? [] : [process.since(duration(runningForS))]),
    ...(memoryBytes === null ? [] : [size(memoryBytes)]),
  ];
  if (state === "ready") return { name, level: "good", said: facts.join(", ") };
  return { name, level: "wrong", said: facts.join(", "), remedy: process.remedy(name, state) };
}

const databaseLine = ({ database }: Status, words: Words): StatusLine => ({
  name: words.database.name,
  level: "good",
  said: words.database.said(database.version, size(database.bytes), database.answeredInMs),
});

function storeLine({ store }: Status, { store: words }: Words): StatusLine {
  const kind = words.kinds[store.kind];
  const waiting = store.waitingChunks ? `, ${words.waiting(store.waitingChunks)}` : "";
  return store.answeredInMs === null
    ? { name: words.name, level: "wrong", said: words.away(kind, store.place) + waiting, remedy: words.remedy }
    : { name: words.name, level: "good", said: words.said(kind, store.place, store.answeredInMs) + waiting };
}

function speechLine({ speech: { engine, waitingS } }: Status, { speech: words }: Words): StatusLine {
  const { name } = words;
  if (engine === "none") return { name, level: "note", said: words.engines.none, remedy: words.noneRemedy };
  if (waitingS === null || waitingS < SPEECH_BEHIND_S) {
    return { name, level: engine === "offline" ? "note" : "good", said: words.engines[engine] };
  }
  const said = `${words.engines[engine]}, ${words.behind(duration(waitingS))}`;
  return { name, level: "wrong", said, remedy: words.remedy };
}

const callsLine = ({ calls }: Status, { calls: words }: Words): StatusLine => ({
  name: words.name,
  ...(calls.now < calls.most ? { level: "good" } : { level: "wrong", remedy: words.full }),
  said: words.said(calls),
});

function diskLines({ disk, store }: Status, { disk: words }: Words): StatusLine[] {
  const line = (place: "store" | "spool"): StatusLine => {
    const left = disk[place];
    if (left === null) return { name: words[place], level: "wrong", said: words.unknown, remedy: words.remedy[place] };
    const said = words.said(size(left.freeBytes), left.soundHours, left.pictureHours);
    return left.pictureHours < FEW_HOURS
      ? { name: words[place], level: "wrong", said, remedy: words.remedy[place] }
      : { name: words[place], level: "good", said };
  };
  return store.kind === "disk" ? [line("store"), line("spool")] : [line("spool")];
}

function encryptionLine(
  { place, state }: Status["encryption"][number],
  { store }: Status,
  { encryption: words }: Words,
): StatusLine {
  const line = { name: words.places[place], said: words.states[state] };
  if (state === "yes") return { ...line, level: "good" };
  if (state === "not-by-this-machine") return { ...line, level: "note", remedy: words.plainRemedy };
  const isBucket = place === "store" && store.kind === "s3";
  return { ...line, level: "note", remedy: isBucket ? words.bucketRemedy : words.unknownRemedy };
}
