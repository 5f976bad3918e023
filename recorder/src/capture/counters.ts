import type { SrtpFault } from "../rtp/srtp.ts";

/** Plain numbers that the hot path adds to; metrics read them only when asked. */
export type Counters = {
  packets: number;
  bytes: number;
  /** Holes in the sequence numbers of authentic packets, less those that came late. */
  lost: number;
  diskFaults: number;
  heartbeats: number;
  heartbeatsSkipped: number;
  stalls: number;
  readonly faults: Record<SrtpFault, number>;
};

export const createCounters = (): Counters => ({
  packets: 0,
  bytes: 0,
  lost: 0,
  diskFaults: 0,
  heartbeats: 0,
  heartbeatsSkipped: 0,
  stalls: 0,
  faults: { malformed: 0, unauthentic: 0, replayed: 0 },
});

/** Counts the packets a stream lacks. `count` answers the change: +n at a hole of n, −1 when one of it comes late. */
export function createHoleCount(): { count(sequence: number): number } {
  let highest: number | undefined;
  return {
    count(sequence) {
      if (highest === undefined) {
        highest = sequence;
        return 0;
      }
      const step = (sequence - highest) & 0xffff;
      if (step === 0) return 0;
      if (step >= 0x8000) return -1;
      highest = sequence;
      return step - 1;
    },
  };
}
