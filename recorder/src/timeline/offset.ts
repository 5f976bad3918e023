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
  /** Enough that was sent after it has arrived to tell a lasting step from a hiccup. */
  readonly lasting: boolean;
  /** What was sent after it came faster than it was spoken: something is being caught up with. */
  readonly burst: boolean;
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
/** A burst brings this much more sound than time, and at least this much. */
const BURST_PACE = 1.5;
const BURST_SAMPLES = 0.1 * SAMPLE_RATE;

export const firstOffset = ({ minimum }: Around): Offset => ({ offset: minimum, target: minimum, following: false });

/** True while it cannot be told whether a late packet follows a stall or leads a burst; waiting tells. */
export const isOpen = (now: Offset, { minimum, whole, lasting, burst }: Around): boolean =>
  minimum > now.offset + STALL_SAMPLES && !whole && !lasting && !burst;

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

/** One packet of a segment as the rules see it. */
export type Observed = { readonly ticks: number; readonly at: Delay };

/**
 * What is known around each packet when everything until `known` has arrived. `delays` sorted by arrival, `packets`
 * (among them) by sequence.
 */
export function lookAhead(
  delays: readonly Delay[],
  packets: readonly Observed[],
  known: number,
): (index: number) => Around {
  const arrived = minimaAhead(delays, WINDOW_SAMPLES);
  const indexOf = new Map(delays.map((delay, index) => [delay, index]));
  // What was sent soon after counts too: a late packet from before a stall has only the stalled ones arriving after it.
  const sent = minimaAhead(
    packets.map(({ ticks, at }) => ({ arrival: ticks, delay: at.delay })),
    WINDOW_SAMPLES,
  );
  /** The last arrival of anything sent after each packet. */
  const lastAfter = new Float64Array(packets.length + 1).fill(Number.NEGATIVE_INFINITY);
  for (let n = packets.length - 1; n >= 0; n--) {
    lastAfter[n] = Math.max(lastAfter[n + 1] ?? 0, packets[n]?.at.arrival ?? Number.NEGATIVE_INFINITY);
  }
  return (index) => {
    const packet = packets[index];
    if (!packet) throw new RangeError(`No packet ${index} of ${packets.length}`);
    const { arrival, delay } = packet.at;
    const minimum = Math.min(delay, arrived[indexOf.get(packet.at) ?? -1] ?? delay, sent[index] ?? delay);
    const last = packets.at(-1) ?? packet;
    return {
      minimum,
      burst: last.ticks - packet.ticks > BURST_PACE * ((lastAfter[index] ?? arrival) - arrival) + BURST_SAMPLES,
      whole: known >= arrival + WINDOW_SAMPLES,
      lasting:
        index + EVIDENCE_COUNT < packets.length &&
        (lastAfter[index + EVIDENCE_COUNT] ?? 0) >= arrival + EVIDENCE_SAMPLES,
    };
  };
}
