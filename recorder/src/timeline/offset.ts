import { SAMPLE_RATE } from "@verbatim/shared/clock";
import { type Delay, minimaAhead } from "./window-minimum.ts";

/**
 * Where a segment's RTP time lies on the recording's clock: position = ticks + offset. The offset is the smallest
 * (arrival − RTP time) of 2 s, because a packet can come late but never early: a late packet, a burst after our
 * own pause, or jitter does not touch it.
 */
export type Offset = {
  readonly offset: number;
  /** The last minimum over a whole window; at the end of what is known the window is short and its minimum too high. */
  readonly target: number;
  readonly following: boolean;
};

export type Step = { readonly offset: Offset; readonly stall: boolean };

/** What is known of the delays around one packet. */
export type Around = {
  /** Smallest delay among what arrived in the 2 s from this packet on. */
  readonly minimum: number;
  /** False while those 2 s have not passed. */
  readonly whole: boolean;
  /** Enough arrived after it to tell a lasting step from a hiccup. */
  readonly lasting: boolean;
};

export const WINDOW_SAMPLES = 2 * SAMPLE_RATE;
/** Beyond this the sender's clock stood still: silence is inserted. Below, it is followed slowly. */
export const STALL_SAMPLES = 0.15 * SAMPLE_RATE;
/** Small enough not to be heard, five times the worst crystal. */
export const FOLLOW_RATE = 0.002;
/** Followed from this far off until almost on it: without the dead band each packet's jitter would cost a resampling. */
const DEAD_SAMPLES = 0.005 * SAMPLE_RATE;
const REACHED_SAMPLES = 0.0005 * SAMPLE_RATE;
const EVIDENCE_SAMPLES = 0.3 * SAMPLE_RATE;
const EVIDENCE_COUNT = 5;

export const firstOffset = ({ minimum }: Around): Offset => ({ offset: minimum, target: minimum, following: false });

/** The offset at the next packet, `ticks` after the last one, with `hole` samples of nothing in between. */
export function nextOffset(now: Offset, around: Around, ticks: number, hole: number): Step {
  if (around.minimum > now.offset + STALL_SAMPLES && around.lasting)
    return { offset: firstOffset(around), stall: true };
  const target = around.whole ? around.minimum : Math.min(around.minimum, now.target);
  const away = target - now.offset;
  const following = now.following || Math.abs(away) > DEAD_SAMPLES;
  // A few last packets that came late prove nothing: only an earlier arrival is believed without evidence.
  if (!following || (away > 0 && !around.lasting)) return { offset: { ...now, target }, stall: false };
  // Where nothing lies, nothing can be squeezed or stretched: take the whole way, as far as there is room.
  const atOnce = hole > 0 ? Math.max(away, -hole) : 0;
  const limit = FOLLOW_RATE * ticks;
  const move = atOnce !== 0 ? atOnce : Math.min(limit, Math.max(-limit, away));
  return {
    offset: { offset: now.offset + move, target, following: Math.abs(away - move) > REACHED_SAMPLES },
    stall: false,
  };
}

/** `delays` sorted by arrival; answers what is known around each of them when everything until `known` has arrived. */
export function lookAhead(delays: readonly Delay[], known: number): (index: number) => Around {
  const minima = minimaAhead(delays, WINDOW_SAMPLES);
  return (index) => {
    const at = delays[index];
    if (!at) throw new RangeError(`No delay ${index} of ${delays.length}`);
    const proof = delays[index + EVIDENCE_COUNT - 1];
    const last = delays.at(-1) ?? at;
    return {
      minimum: minima[index] ?? at.delay,
      whole: known >= at.arrival + WINDOW_SAMPLES,
      lasting: proof !== undefined && last.arrival >= at.arrival + EVIDENCE_SAMPLES,
    };
  };
}
