import { setTimeout as delay } from "node:timers/promises";
import { createLog } from "@verbatim/hands/log";
import type { RecorderEvent, Word } from "@verbatim/shared/events/protocol";
import { expect } from "vitest";
import { runHeader, seatOf } from "../../../test/spool-samples.ts";
import { chooseEngine } from "../../speech/choose-engine.ts";
import type { SpeechEngine } from "../../speech/engine.ts";
import { openRunScribe, type RunScribe } from "../run-scribe.ts";
import { encodeOpus, nameOf, speakTones, type ToneWord, WORD_MS } from "./tone-words.ts";

export const log = createLog("scribe-test", "silent");
export const [mine, theirs] = [seatOf(7), seatOf(8)];

export const deepgramAt = (url: string, model = "nova-3"): SpeechEngine =>
  chooseEngine({ kind: "deepgram", apiKey: "key-for-tests", url, model })!;

export const start = { to: "recording", atMs: 0 } as const;

/** `count` words from a moment on, in bursts of three. */
export const talk = (count: number, fromMs: number, first = 0): ToneWord[] =>
  Array.from({ length: count }, (_, i) => ({
    word: (first + i) % 20,
    atMs: fromMs + i * 300 + Math.floor(i / 3) * 600,
  }));

type Final = Extract<RecorderEvent, { type: "words-final" }>;
/** Everything the api was told. An event may be taken and its answer lost, or be lost on its way. */
export function api() {
  const events: RecorderEvent[] = [];
  const state = { way: "answered" as "answered" | "answer lost" | "lost", sent: 0 };
  return {
    events,
    state,
    client: {
      send: (event: RecorderEvent) => {
        state.sent++;
        if (state.way !== "lost") events.push(structuredClone(event));
        return state.way === "answered" ? Promise.resolve() : new Promise<void>(() => undefined);
      },
      sendLatest: (_key: string, event: RecorderEvent) => void events.push(event),
    },
    /** As the api keeps them: one segment for each speaker and first position. */
    words(seat: typeof mine): Word[] {
      const segments = new Map<number, Final>();
      for (const event of events) {
        if (event.type === "words-final" && event.seatId === seat && !segments.has(event.startMs)) {
          segments.set(event.startMs, event);
        }
      }
      return [...segments.values()].toSorted((a, b) => a.startMs - b.startMs).flatMap(({ words }) => words);
    },
    speech: () => events.flatMap((event) => (event.type === "speech" ? [event.speech] : [])).at(-1),
  };
}

const counters = { word: () => undefined, reconnect: () => undefined };
/** The run in a folder, heard by an engine, told to `to`. */
export const openScribe = (
  at: string,
  to: ReturnType<typeof api>,
  engine: SpeechEngine,
  now = (): number => performance.now(),
): Promise<RunScribe> =>
  openRunScribe({
    dir: at,
    header: runHeader,
    engine,
    events: to.client,
    counters,
    log,
    now,
    random: () => 0.1,
  });

export async function untilDone(run: RunScribe, deadlineMs = 60_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await run.step())) {
    if (performance.now() > end) throw new Error("The run was not done in time.");
    await delay(5);
  }
  await run[Symbol.asyncDispose]();
}

/** Every word that was said, once, in order, each within 50 ms of its place. */
export function expectWords(heard: ReturnType<ReturnType<typeof api>["words"]>, said: readonly ToneWord[]): void {
  expect(heard.map(({ text }) => text)).toEqual(said.map(({ word }) => nameOf(word)));
  for (const [i, { atMs }] of said.entries()) {
    expect(Math.abs(heard[i]!.startMs - atMs)).toBeLessThanOrEqual(50);
    expect(Math.abs(heard[i]!.endMs - atMs - WORD_MS)).toBeLessThanOrEqual(50);
  }
}

export const voice = (seat: typeof mine, lengthMs: number, words: readonly ToneWord[]) => ({
  seat,
  packets: encodeOpus(speakTones(lengthMs, words)),
});
