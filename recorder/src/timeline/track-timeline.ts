import { positionAt, type RecordingClock } from "@verbatim/shared/clock";
import type { SenderReport } from "@verbatim/shared/spool/format";
import type { MediaPacket } from "../spool/record.ts";
import { createEstimate } from "./estimate.ts";
import { FOLLOW_RATE, firstOffset, isOpen, lookAhead, nextOffset, type Offset, WINDOW_SAMPLES } from "./offset.ts";
import { opusSamples } from "./opus-packet.ts";
import { createRtpSpaces, type Unwrapped } from "./rtp-space.ts";
import type { Delay } from "./window-minimum.ts";

export type Hole = {
  readonly startSamples: number;
  readonly endSamples: number;
  /** `capture_stall`: the sender's clock stood still. `loss`: packets are missing, or nothing was sent. */
  readonly cause: "loss" | "capture_stall";
};

/** A packet at its place. Places grow; two neighbours overlap by 0.2 % at most, where a fast sender is followed. */
export type PlacedPacket = {
  /** The same in the estimate and in the settled place. */
  readonly index: number;
  readonly arrivalUs: number;
  /** Position on the recording's clock. */
  readonly startSamples: number;
  /** Duration at 48 kHz. */
  readonly samples: number;
  readonly payload: Uint8Array;
  /** Nothing is held between the packet before and this one. */
  readonly gapBefore?: Hole;
};

export type TrackTimeline = ReturnType<typeof createTrackTimeline>;

type Entry = Numbered & { readonly segment: number; readonly seq: number; readonly ticks: number; readonly at: Delay };
type Numbered = MediaPacket & { readonly index: number; readonly samples: number };
type Segment = { readonly id: number; pending: Entry[]; delays: Delay[]; offset?: Offset };

/** Sender reports come without the wait for a packet to fill, so they may sharpen the minimum, by this much at most. */
const REPORT_TRUST_SAMPLES = 960;

/**
 * Places one track's packets on the recording's clock. Feed it the log in order. `push` answers estimates at once;
 * `settle` and `settleBefore` answer final places. The same records and the same calls give the same places.
 */
export function createTrackTimeline(clock: RecordingClock) {
  const spaces = createRtpSpaces<Numbered>();
  const estimate = createEstimate();
  const segments: Segment[] = [];
  let estimatedSegment = -1;
  let count = 0;
  let pcmTicks = 0;
  let known = Number.NEGATIVE_INFINITY;
  let settled: { segment: number; seq: number; ticks: number; position: number; samples: number } | undefined;
  let late = 0;
  /** Where the first packet that was not settled would lie now. */
  let upcoming: { readonly startSamples: number; readonly cause: Hole["cause"] } | undefined;

  const segmentOf = (id: number): Segment => {
    const last = segments.at(-1);
    if (last?.id === id) return last;
    const begun: Segment = { id, pending: [], delays: [] };
    segments.push(begun);
    return begun;
  };

  const enter = ({ segment, sequence, ticks, packet }: Unwrapped<Numbered>): PlacedPacket => {
    const arrival = Math.max(
      positionAt(clock, packet.arrivalUs),
      segmentOf(segment).delays.at(-1)?.arrival ?? -Infinity,
    );
    const at: Delay = { arrival, delay: arrival - ticks };
    known = Math.max(known, arrival);
    const own = segmentOf(segment);
    own.delays.push(at);
    own.pending.push({ ...packet, segment, seq: sequence, ticks, at });
    if (estimatedSegment !== segment) estimate.restart();
    estimatedSegment = segment;
    const { index, arrivalUs, samples, payload } = packet;
    return { index, arrivalUs, samples, payload, startSamples: estimate.place(at, ticks, samples) };
  };

  /** Settles packets in order while `more` agrees with the place that the next would get. */
  const settleWhile = (more: (entry: Entry, position: number) => boolean): PlacedPacket[] => {
    const placed: PlacedPacket[] = [];
    upcoming = undefined;
    for (let own = segments[0]; own; own = segments[0]) {
      own.pending.sort((a, b) => a.seq - b.seq);
      const around = lookAhead(own.delays, own.pending, known);
      let done = 0;
      for (const [place, entry] of own.pending.entries()) {
        const before = settled?.segment === entry.segment ? settled : undefined;
        if (before && (entry.seq <= before.seq || entry.ticks <= before.ticks)) {
          // Twice, or so late that what comes after it was settled.
          late += entry.seq === before.seq ? 0 : 1;
          done += 1;
          continue;
        }
        const passed = before ? entry.ticks - before.ticks : 0;
        const hole = before ? Math.max(0, passed - before.samples) : 0;
        const seen = around(place);
        if (own.offset && isOpen(own.offset, seen)) {
          upcoming = { startSamples: Math.round(entry.ticks + seen.minimum), cause: "capture_stall" };
          break;
        }
        const next = own.offset
          ? nextOffset(own.offset, seen, passed, hole)
          : { offset: firstOffset(seen), stall: false };
        const end = settled
          ? settled.position + (before ? Math.min(before.samples, passed) : settled.samples)
          : -Infinity;
        const earliest = end - FOLLOW_RATE * entry.samples;
        const position = Math.round(Math.max(entry.ticks + next.offset.offset, earliest));
        const cause = next.stall ? "capture_stall" : "loss";
        if (!more(entry, position)) {
          upcoming = { startSamples: position, cause };
          break;
        }
        done += 1;
        own.offset = next.offset;
        const slack = Math.ceil(FOLLOW_RATE * entry.samples);
        placed.push({
          index: entry.index,
          arrivalUs: entry.arrivalUs,
          startSamples: position,
          samples: entry.samples,
          payload: entry.payload,
          ...(settled && position > end + slack && { gapBefore: { startSamples: end, endSamples: position, cause } }),
        });
        settled = { segment: own.id, seq: entry.seq, ticks: entry.ticks, position, samples: entry.samples };
      }
      own.pending.splice(0, done);
      const oldest = own.pending.reduce((least, { at }) => Math.min(least, at.arrival), known);
      own.delays = own.delays.filter(({ arrival }) => arrival >= oldest - WINDOW_SAMPLES);
      if (own.pending.length > 0 || segments.length === 1) break;
      segments.shift();
    }
    return placed;
  };

  const number = (packet: MediaPacket, samples: number): PlacedPacket[] => {
    if (samples === 0) return [];
    return spaces.accept({ ...packet, samples, index: count++ }).map(enter);
  };

  return {
    /** Takes one packet of Opus and answers the estimated place of whatever can be placed now: mostly itself. */
    push: (packet: MediaPacket): PlacedPacket[] => number(packet, opusSamples(packet.payload)),
    /** Takes one PCM frame, 48 kHz, 16 bit, mono. */
    pushPcm({ arrivalUs, frame }: { readonly arrivalUs: number; readonly frame: Uint8Array }): PlacedPacket[] {
      const samples = frame.byteLength >> 1;
      const packet = { arrivalUs, sequence: count & 0xffff, rtpTime: pcmTicks >>> 0, payload: frame };
      pcmTicks += samples;
      return number(packet, samples);
    },
    pushReport(report: SenderReport): void {
      const ticks = spaces.ticksOf(report.rtpTime);
      const own = segments.at(-1);
      if (ticks === undefined || own?.id !== spaces.segment || estimate.offset === undefined) return;
      const arrival = Math.max(positionAt(clock, report.arrivalUs), own.delays.at(-1)?.arrival ?? -Infinity);
      const at: Delay = { arrival, delay: arrival - ticks };
      if (Math.abs(at.delay - estimate.offset) > REPORT_TRUST_SAMPLES) return;
      // Not into the estimate, which the trust is measured from: lies that add up would lead away step by step.
      own.delays.push(at);
    },
    /** The next packets come from another producer: a new RTP space. */
    newSource(): void {
      spaces.restart();
    },
    /** Final places of everything that arrived 2 s or more before `progressUs`. */
    settle(progressUs: number): PlacedPacket[] {
      known = Math.max(known, positionAt(clock, progressUs));
      return settleWhile(({ at }) => at.arrival + WINDOW_SAMPLES <= known);
    },
    /** Final places of everything before a position, with what is known when the spool's progress is `progressUs`. */
    settleBefore(endSamples: number, progressUs: number): PlacedPacket[] {
      known = Math.max(known, positionAt(clock, progressUs));
      return settleWhile((_entry, position) => position < endSamples);
    },
    /** Where the packet after the last settled one lies, as far as is known, and why nothing is held before it. */
    get next(): { readonly startSamples: number; readonly cause: Hole["cause"] } | undefined {
      return upcoming;
    },
    /** Packets that came after their neighbours' places were final, and were left out. */
    get late(): number {
      return late;
    },
  };
}
