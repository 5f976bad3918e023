import { MIX_RATE } from "@verbatim/shared/clock";
import { createVoiceGate } from "../scribe/voice-gate.ts";
import type { Seconds } from "./spread-over.ts";

const FRAME = MIX_RATE / 50;
const FRAME_S = FRAME / MIX_RATE;

/** Remembers where in a stream's 16 kHz sound there was a voice. */
export function createHeardVoice() {
  const gate = createVoiceGate();
  let rest = new Int16Array(0);
  let frames = 0;
  let spans: { fromS: number; toS: number }[] = [];

  return {
    /** Sound of any length, in order. */
    hear(sound: Int16Array): void {
      const all = new Int16Array(rest.length + sound.length);
      all.set(rest);
      all.set(sound, rest.length);
      let at = 0;
      for (; at + FRAME <= all.length; at += FRAME) {
        const fromS = frames++ * FRAME_S;
        if (!gate.hears(all.subarray(at, at + FRAME))) continue;
        const last = spans.at(-1);
        if (last && fromS - last.toS < FRAME_S / 2) last.toS = fromS + FRAME_S;
        else spans.push({ fromS, toS: fromS + FRAME_S });
      }
      rest = all.slice(at);
    },
    within({ fromS, toS }: Seconds): Seconds[] {
      return spans
        .map((span) => ({ fromS: Math.max(fromS, span.fromS), toS: Math.min(toS, span.toS) }))
        .filter((span) => span.toS > span.fromS);
    },
    /** Nothing before this second will be asked for again. */
    forget(beforeS: number): void {
      spans = spans.filter(({ toS }) => toS > beforeS);
    },
  };
}
