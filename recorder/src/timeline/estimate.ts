import type { Delay } from "./window-minimum.ts";
import { FOLLOW_RATE, firstOffset, nextOffset, type Offset, STALL_SAMPLES, WINDOW_SAMPLES } from "./offset.ts";
import { SAMPLE_RATE } from "@verbatim/shared/clock";

/** A stall is believed at once when this much has arrived late in a row, at the pace of speech. */
const BELIEF_SAMPLES = 0.3 * SAMPLE_RATE;

/**
 * Places packets as they come, for whoever cannot wait: by the smallest delay of the last 2 s. After a stall it is
 * wrong for the first 0.3 s and never goes back; the settled place comes 2 s later.
 */
export function createEstimate() {
  let offset: Offset | undefined;
  /** Of the last 2 s, those with nothing smaller after them: the first is the minimum. */
  let delays: Delay[] = [];
  /** Since when every packet has been late by more than a stall. */
  let lateSince: { arrival: number; ticks: number } | undefined;
  let lastTicks = 0;
  let beganAt = 0;
  let end = Number.NEGATIVE_INFINITY;

  return {
    /** Another RTP space begins. */
    restart(): void {
      offset = undefined;
      delays = [];
      lateSince = undefined;
    },
    get offset(): number | undefined {
      return offset?.offset;
    },
    place(at: Delay, ticks: number, samples: number): number {
      while ((delays.at(-1)?.delay ?? Number.NEGATIVE_INFINITY) >= at.delay) delays.pop();
      delays.push(at);
      while ((delays[0]?.arrival ?? at.arrival) < at.arrival - WINDOW_SAMPLES) delays.shift();
      const minimum = delays[0]?.delay ?? at.delay;
      const late = offset !== undefined && at.delay > offset.offset + STALL_SAMPLES;
      if (!late) lateSince = undefined;
      else lateSince ??= { arrival: at.arrival, ticks };
      // A burst brings more sound than time; a stall that is over brings as much.
      const passed = lateSince ? at.arrival - lateSince.arrival : 0;
      const lasting = passed >= BELIEF_SAMPLES && ticks - (lateSince?.ticks ?? ticks) < 1.5 * passed;
      if (!offset) beganAt = at.arrival;
      // The first packets may all be late; as long as the first window lasts, an earlier one is believed at once.
      if (!offset || (at.arrival < beganAt + WINDOW_SAMPLES && minimum < offset.offset)) {
        offset = firstOffset({ minimum, whole: true, lasting: false, burst: false });
      } else if (lasting) offset = firstOffset({ minimum: at.delay, whole: true, lasting, burst: false });
      else {
        const around = { minimum, whole: true, lasting: true, burst: false };
        offset = nextOffset(offset, around, Math.max(0, ticks - lastTicks), 0).offset;
      }
      if (lasting) {
        delays = [at];
        lateSince = undefined;
      }
      // Overtaken on its way: it has its place, and moves nobody.
      if (ticks < lastTicks && at.arrival > beganAt) return Math.round(ticks + offset.offset);
      lastTicks = ticks;
      const position = Math.round(Math.max(ticks + offset.offset, end - FOLLOW_RATE * samples));
      end = position + samples;
      return position;
    },
  };
}
