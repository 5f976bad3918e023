import type { EngineResult, EngineWord } from "../speech/engine.ts";
import type { SentAudio } from "./sent-audio.ts";

/** The same word in two answers may have moved this much. */
const SAME_S = 0.4;

/** Remembers when each word of a stream was answered first, over interims that are revised. */
export function createLatency(now: () => number) {
  let seen: { text: string; startS: number; ms: number }[] = [];
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

  return {
    /** Ms from handing the engine the last audio that holds each word to its first answer with it. */
    of({ words, isFinal, endS }: EngineResult, sent: SentAudio): Map<EngineWord, number> {
      const known = [...seen];
      const found = new Map<EngineWord, number>();
      for (const word of words) {
        const text = plain(word.text);
        const before = known.findIndex((each) => each.text === text && Math.abs(each.startS - word.startS) < SAME_S);
        const handed = before === -1 ? sent.handedMs(word.endS) : undefined;
        const ms = known[before]?.ms ?? (handed === undefined ? undefined : Math.max(0, Math.round(now() - handed)));
        if (before !== -1) known.splice(before, 1);
        if (ms === undefined) continue;
        found.set(word, ms);
        if (before === -1) seen.push({ text, startS: word.startS, ms });
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
