import { MIX_RATE } from "@verbatim/shared/clock";
import { rms } from "../voice-gate.ts";
import { nameOf, readTone } from "./tone-words.ts";

const FRAME = MIX_RATE / 100;

/** A word and its place, seconds of the stream. */
export type ToneHeard = { readonly word: string; readonly start: number; readonly end: number };

/** Understands tone words exactly. Bytes of any length go in, and each 10 ms of them is told. */
export function createToneHearing(onFrame: () => boolean) {
  let rest = Buffer.alloc(0);
  let from: number | undefined;
  let tone: Int16Array[] = [];

  const hearing = {
    /** 10 ms heard so far, and how many of the last of them were silent. */
    frames: 0,
    quiet: 0,
    /** Heard since somebody emptied it. */
    words: [] as ToneHeard[],
    get inTone() {
      return from !== undefined;
    },
    /** Ends a tone that is under way. */
    endTone(): void {
      if (from === undefined) return;
      // Without its edges, which belong to no tone.
      const word = readTone(Int16Array.from(tone.slice(2, -2).flatMap((part) => [...part])));
      if (word !== undefined && tone.length >= 5) {
        hearing.words.push({ word: nameOf(word), start: from / 100, end: (from + tone.length) / 100 });
      }
      from = undefined;
      tone = [];
    },
    /** Stops at the frame for which `onFrame` answers false. */
    hear(bytes: Buffer): void {
      rest = Buffer.concat([rest, bytes]);
      for (; rest.length >= FRAME * 2; rest = rest.subarray(FRAME * 2)) {
        const frame = new Int16Array(rest.buffer.slice(rest.byteOffset, rest.byteOffset + FRAME * 2));
        if (rms(frame) > 0.02) {
          from ??= hearing.frames;
          tone.push(frame);
          hearing.quiet = 0;
        } else {
          hearing.endTone();
          hearing.quiet++;
        }
        hearing.frames++;
        if (!onFrame()) return;
      }
    },
  };
  return hearing;
}
