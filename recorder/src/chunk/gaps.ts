import type { Span } from "@verbatim/shared/recording/control";
import type { ChunkGap, GapCause } from "@verbatim/shared/recording/manifest";
import type { MarkSpans } from "../timeline/mark-spans.ts";
import type { PlacedPacket, TrackTimeline } from "../timeline/track-timeline.ts";
import { fewerGaps } from "./fewer-gaps.ts";

/** Shorter holes are the phase of 20 ms packets, not something that is missing. */
const SHORTEST_GAP = 720;
/** A track begins and ends somewhere within a packet or two of where it is held to begin and end. */
const EDGE = 2_400;
/** So that a row of a call with heavy loss still fits in an event. */
const MAX_GAPS = 200;

/**
 * What is not held of [from, to): no packet lies there, or it was not to be kept. Mute is silence that was sent,
 * and who has left is absent: neither is a gap.
 */
export function chunkGaps(
  { from, to }: Span,
  held: {
    readonly packets: readonly PlacedPacket[];
    readonly kept: readonly Span[];
    readonly marks: MarkSpans;
    /** The first packet after the span, if one came: then silence at the span's end is a gap, however short. */
    readonly next: TrackTimeline["next"];
  },
): ChunkGap[] {
  const gaps: ChunkGap[] = [];
  for (const paused of subtract([{ from, to }], held.kept)) {
    gaps.push({ startSamples: paused.from, endSamples: paused.to, cause: "paused" });
  }
  for (const kept of held.kept) {
    const span = { from: Math.max(from, kept.from), to: Math.min(to, kept.to) };
    if (span.to > span.from) gaps.push(...holes(span, { from, to }, held));
  }
  return fewerGaps(
    gaps.toSorted((a, b) => a.startSamples - b.startSamples),
    MAX_GAPS,
  );
}

function holes(span: Span, chunk: Span, held: Parameters<typeof chunkGaps>[1]): ChunkGap[] {
  const gaps: ChunkGap[] = [];
  const look = (hole: Span, cause: GapCause, shortest: number): void => {
    if (hole.to - hole.from < shortest) return;
    const away = held.marks.absent.filter((absence) => overlaps(absence, hole));
    // Marks are stamped when the server noticed, packets when they came: a hole that an absence explains is all its own.
    const explained = away.find((absence) => absence.cause !== "left");
    const quiet = [...held.marks.muted, ...away.filter((absence) => absence.cause === "left")];
    for (const rest of subtract([hole], quiet)) {
      if (rest.to - rest.from < shortest) continue;
      gaps.push({ startSamples: rest.from, endSamples: rest.to, cause: explained ? "disconnect" : cause });
    }
  };
  let end = span.from;
  // Sound up to the span's beginning, before the cut: a hole there is one within the track.
  let first = span.from !== chunk.from || !held.packets.some(({ startSamples }) => startSamples < span.from);
  for (const packet of held.packets) {
    if (packet.startSamples >= span.to) break;
    if (packet.startSamples + packet.samples <= span.from) continue;
    const cause = packet.gapBefore?.cause ?? "loss";
    look({ from: end, to: packet.startSamples }, cause, first ? EDGE : SHORTEST_GAP);
    end = Math.max(end, packet.startSamples + packet.samples);
    first = false;
  }
  const next = span.to === chunk.to ? held.next : undefined;
  look({ from: end, to: span.to }, next?.cause ?? "loss", next ? SHORTEST_GAP : EDGE);
  return gaps;
}

const overlaps = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** What of `spans` lies outside all of `others`. */
export function subtract(spans: readonly Span[], others: readonly Span[]): Span[] {
  return others.reduce<Span[]>(
    (left, other) =>
      left.flatMap((span) =>
        overlaps(span, other)
          ? [
              { from: span.from, to: Math.min(span.to, other.from) },
              { from: Math.max(span.from, other.to), to: span.to },
            ].filter(({ from, to }) => to > from)
          : [span],
      ),
    [...spans],
  );
}
