import type { RecordingClock } from "@verbatim/shared/clock";
import type { Span } from "@verbatim/shared/recording/control";
import type { TrackHeader } from "@verbatim/shared/spool/format";
import { PRE_SKIP } from "../chunk/frames.ts";
import type { LogEntry } from "../spool/reader.ts";
import { createMarkSpans, type MarkSpans } from "../timeline/mark-spans.ts";
import { createTrackTimeline, type PlacedPacket, type TrackTimeline } from "../timeline/track-timeline.ts";
import type { Slot } from "./slots.ts";

/** What one track holds for a slot. */
export type SlotMedia = {
  readonly header: TrackHeader;
  /** To be kept, in order; those before the slot's start settle the decoder. */
  readonly packets: readonly PlacedPacket[];
  readonly marks: MarkSpans;
  /** Where the track begins, if that is within the slot; else the slot's start. */
  readonly startSamples: number;
  /** Something of it lies in the slot: a packet, or a mute that says that silence was meant. */
  readonly present: boolean;
  /** The first packet after the slot. */
  readonly next: TrackTimeline["next"];
};

/** A packet or two of not having begun yet is the phase of packets, not a later beginning. */
const EDGE_SAMPLES = 2_400;
/** Far enough back that a packet of 120 ms still reaches the decoder's settling. */
const KEPT_BACK_SAMPLES = PRE_SKIP + 5_760;

/** Turns one track's records into what each slot is made of. Slots come in order and join one another, or leave holes. */
export function createTrackMedia(clock: RecordingClock, header: TrackHeader) {
  const timeline = createTrackTimeline(clock);
  const marks = createMarkSpans(clock);
  let placed: PlacedPacket[] = [];
  let began: number | undefined;
  let keptBefore: readonly Span[] = [];

  const take = (entry: LogEntry): void => {
    switch (entry.type) {
      case "media":
        timeline.push(entry);
        return;
      case "report":
        timeline.pushReport(entry.report);
        return;
      case "mark":
        if (entry.mark.type === "source") timeline.newSource();
        marks.push(entry.mark);
        return;
      default:
        return;
    }
  };

  return {
    header,
    advance(slot: Slot, entries: Iterable<LogEntry>): SlotMedia {
      for (const entry of entries) take(entry);
      const settled = timeline.settleBefore(slot.endSamples, Math.min(slot.untilUs, Number.MAX_SAFE_INTEGER));
      placed.push(...settled);
      const { startSamples: from, endSamples: to } = slot;
      // What is not to be kept settles no decoder either: nothing said in a pause may be heard, however softly.
      const wanted = [...keptBefore, ...slot.kept];
      const kept = placed.filter(({ startSamples }) => isWithin(wanted, startSamples));
      const here = kept.filter(({ startSamples }) => startSamples >= from && startSamples < to);
      const within = marks.within(from, to);
      const silent = within.muted.filter((span) =>
        slot.kept.some((part) => part.from < span.to && span.from < part.to),
      );
      const first = Math.min(here[0]?.startSamples ?? to, silent[0]?.from ?? to);
      const present = here.length > 0 || silent.length > 0;
      const begins = began === undefined && present && first > from + EDGE_SAMPLES ? first : from;
      if (present) began ??= begins;
      const media = {
        header,
        packets: kept,
        marks: within,
        startSamples: begins,
        present,
        next: timeline.next,
      };
      keptBefore = wanted.filter((span) => span.to > to - KEPT_BACK_SAMPLES);
      placed = kept.filter(({ startSamples }) => startSamples >= to - KEPT_BACK_SAMPLES);
      marks.forget(to);
      return media;
    },
    get late(): number {
      return timeline.late;
    },
  };
}

const isWithin = (spans: readonly Span[], position: number): boolean =>
  spans.some(({ from, to }) => position >= from && position < to);

export type TrackMedia = ReturnType<typeof createTrackMedia>;
