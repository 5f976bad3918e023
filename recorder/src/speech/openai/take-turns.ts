import { MIX_RATE } from "@verbatim/shared/clock";
import { createVoiceGate } from "../../scribe/voice-gate.ts";
import type { Seconds } from "../spread-over.ts";

const FRAME = 320;
const SECONDS = FRAME / MIX_RATE;
/** Sound before the first voice that is sent with it: a first consonant is softer than a voice. */
const BEFORE_FRAMES = 15;
/** As many of the last frames must hold a voice for a turn to begin: a click is none. */
const BEGIN = { of: 6, voiced: 3 } as const;
const PAUSE_FRAMES = 30;
/** A turn that is this long ends at the next short pause, and at the latest at the second figure. */
const LONG_FRAMES = 350;
const SHORT_PAUSE_FRAMES = 5;
const LONGEST_FRAMES = 500;

/** A stretch of speech between two pauses, on the stream's clock. */
export type Turn = Seconds & {
  /** Where in it there was a voice, in order. */
  readonly voiced: readonly Seconds[];
};

export type TurnNews =
  | { readonly type: "sound"; readonly pcm: Int16Array }
  | { readonly type: "turn"; readonly turn: Turn }
  /** Nobody spoke up to here since the last turn. */
  | { readonly type: "quiet"; readonly toS: number };

/** Cuts a stream's 16 kHz sound into turns at the pauses between words. What lies between turns is not passed on. */
export function createTurnTaker() {
  const gate = createVoiceGate();
  let rest = new Int16Array(0);
  let frames = 0;
  let before: { readonly pcm: Int16Array; readonly voiced: boolean }[] = [];
  let open: { fromFrame: number; voiced: { from: number; to: number }[]; silent: number } | undefined;

  const voice = (turn: NonNullable<typeof open>, frame: number): void => {
    const last = turn.voiced.at(-1);
    if (last?.to === frame) last.to = frame + 1;
    else turn.voiced.push({ from: frame, to: frame + 1 });
  };
  const spoken = (turn: NonNullable<typeof open>, toFrame: number): Turn => ({
    fromS: turn.fromFrame * SECONDS,
    toS: toFrame * SECONDS,
    voiced: turn.voiced.map(({ from, to }) => ({ fromS: from * SECONDS, toS: to * SECONDS })),
  });

  const hear = (pcm: Int16Array): TurnNews[] => {
    const voiced = gate.hears(pcm);
    const frame = frames++;
    if (!open) {
      before.push({ pcm, voiced });
      if (before.slice(-BEGIN.of).filter((each) => each.voiced).length < BEGIN.voiced) {
        if (before.length > BEFORE_FRAMES) before.shift();
        // Ten times a second is often enough to know that nothing is owed.
        return frame % 5 === 0 ? [{ type: "quiet", toS: Math.max(0, frames - BEFORE_FRAMES) * SECONDS }] : [];
      }
      const first = frames - before.length;
      open = { fromFrame: first, voiced: [], silent: 0 };
      for (const [n, each] of before.entries()) if (each.voiced) voice(open, first + n);
      const held = before;
      before = [];
      return held.map((each) => ({ type: "sound", pcm: each.pcm }));
    }
    if (voiced) voice(open, frame);
    open.silent = voiced ? 0 : open.silent + 1;
    const length = frames - open.fromFrame;
    const ends =
      open.silent >= PAUSE_FRAMES ||
      (length >= LONG_FRAMES && open.silent >= SHORT_PAUSE_FRAMES) ||
      length >= LONGEST_FRAMES;
    return [{ type: "sound", pcm }, ...(ends ? end() : [])];
  };

  const end = (): TurnNews[] => {
    if (!open) return [];
    const turn = spoken(open, frames);
    open = undefined;
    return [{ type: "turn", turn }];
  };

  return {
    /** Sound of any length, in order. */
    push(sound: Int16Array): TurnNews[] {
      const all = new Int16Array(rest.length + sound.length);
      all.set(rest);
      all.set(sound, rest.length);
      const news: TurnNews[] = [];
      let at = 0;
      for (; at + FRAME <= all.length; at += FRAME) news.push(...hear(all.slice(at, at + FRAME)));
      rest = all.slice(at);
      return news;
    },
    /** No more is expected for a while: a turn that is under way ends here. */
    finish(): TurnNews[] {
      return open ? end() : [{ type: "quiet", toS: frames * SECONDS + rest.length / MIX_RATE }];
    },
    /** The turn that is under way, as far as it was heard. */
    get current(): Turn | undefined {
      return open && spoken(open, frames);
    },
  };
}
