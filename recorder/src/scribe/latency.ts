import type { EngineResult, EngineWord } from "../speech/engine.ts";
import type { SentAudio } from "./sent-audio.ts";

/** The same word in two answers may have moved this much. */
const SAME_S = 0.4;

/** How long the engine took for a word, and when its first answer with it came, on the recording's clock. */
export type Answered = { readonly engineMs?: number; readonly answeredMs?: number };

/**
 * Remembers when each word of a stream was answered first, over interims that are revised. `positionMs` is undefined where
 * nobody knows the time on the recording's clock.
 */
export function createLatency(now: () => number, positionMs: () => number | undefined) {
  let seen: { text: string; startS: number; answered: Answered }[] = [];
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

  return {
    /** Of each word: from handing the engine the last audio that holds it to its first answer with it. */
    of({ words, isFinal, endS }: EngineResult, sent: SentAudio): Map<EngineWord, Answered> {
      const known = [...seen];
      const found = new Map<EngineWord, Answered>();
      const atMs = positionMs();
      for (const word of words) {
        const text = plain(word.text);
        const before = known.findIndex((each) => each.text === text && Math.abs(each.startS - word.startS) < SAME_S);
        const handed = before === -1 ? sent.handedMs(word.endS) : undefined;
        const answered = known[before]?.answered ?? {
          ...(handed === undefined ? {} : { engineMs: Math.max(0, Math.round(now() - handed)) }),
          ...(atMs === undefined ? {} : { answeredMs: atMs }),
        };
        if (before !== -1) known.splice(before, 1);
        found.set(word, answered);
        if (before === -1) seen.push({ text, startS: word.startS, answered });
      }
      if (isFinal) seen = seen.filter(({ startS }) => startS >= endS);
      return found;
    },
    /** A new stream counts from 0 again. */
    restart(): void {
      seen = [];
    },
  };
}
