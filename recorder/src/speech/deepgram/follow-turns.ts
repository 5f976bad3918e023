import type { EngineResult, EngineWord } from "../engine.ts";
import { createHeardVoice } from "../heard-voice.ts";
import type { TurnInfo } from "./turn-info.ts";
import { timesOfWords } from "./word-times.ts";

/** A turn is noticed this long after it began, at the most: words without times are looked for no earlier. */
const NOTICED_S = 1;
/** Outside of a turn this much of what was heard last may still become the beginning of one. */
const MAY_BEGIN_S = 1;
/** As much of a turn's end, behind its last word, may be the beginning of the next. */
const MAY_FOLLOW_S = 0.5;

/**
 * Deepgram's turns as results that follow one another: a turn so far is interim, an ended one final, and stretches in
 * which nobody spoke are final as they pass, so that they are not sent again after an outage.
 */
export function followTurns() {
  const voice = createHeardVoice();
  let finalToS = 0;
  let heardToS = 0;
  let noticedS: number | undefined;
  let last: readonly EngineWord[] = [];

  const final = (toS: number, words: readonly EngineWord[]): EngineResult => {
    const startS = finalToS;
    finalToS = Math.max(finalToS, toS, words.at(-1)?.endS ?? 0);
    voice.forget(finalToS);
    last = [];
    return { startS, endS: finalToS, isFinal: true, words };
  };

  return {
    /** Sound that was sent, 16 kHz, in order: words without times are placed on the voice in it. */
    hear: voice.hear,
    /** Up to this second of the stream it was said what was heard. */
    get heardToS() {
      return heardToS;
    },
    follow(info: TurnInfo): EngineResult {
      const [fromS, toS] = [info.audio_window_start, info.audio_window_end];
      heardToS = Math.max(heardToS, toS);
      if (info.event === "StartOfTurn") noticedS = toS;
      const spokenFromS = Math.max(fromS, (noticedS ?? 0) - NOTICED_S);
      const words = timesOfWords(info.words, { fromS, toS, spokenFromS, voiceIn: voice.within });
      if (info.event === "EndOfTurn") {
        noticedS = undefined;
        return final(toS - MAY_FOLLOW_S, words);
      }
      // Told four times a second, with words or without.
      const quietToS = toS - MAY_BEGIN_S;
      if (noticedS === undefined && words.length === 0 && quietToS > finalToS + 0.5) return final(quietToS, []);
      last = words;
      return { startS: finalToS, endS: toS, isFinal: false, words };
    },
    /** The stream was ended: nothing ends a turn that is under way any more, and its last words stand. */
    end: (): EngineResult => final(heardToS, last),
  };
}
