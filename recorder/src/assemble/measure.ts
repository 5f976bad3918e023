import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { SeatId } from "@verbatim/shared/ids";
import type { Span } from "@verbatim/shared/recording/control";
import { isSound } from "@verbatim/shared/recording/keys";
import type { Assembly, ChunkRow, GapCause, Manifest, RecordingGap } from "@verbatim/shared/recording/manifest";
import { fewerGaps } from "../chunk/fewer-gaps.ts";
import { type Plan, SMALLEST_GAP_SAMPLES, heldBy, seatsOf, silent, speakerTracks } from "./plan.ts";
import { both, normal, total, without } from "./spans.ts";

/** Gaps that an assembly lists, of all speakers: 60 kB of the event that tells of it. Coverage counts every one. */
const MAX_GAPS = 500;

/** A recorder that comes back takes a speaker's track within this of its run's start: 0.3 s, and seconds where it is busy. */
const TAKEN_WITHIN_SAMPLES = 5 * SAMPLE_RATE;

export type Measured = Pick<Assembly, "state" | "coverage" | "gaps" | "absences">;

/**
 * What the plan holds of each speaker, measured. Coverage = held ÷ (kept time in the seat). Every missing span has
 * the cause that explains it best; pauses are listed, and lower nothing. Of too many gaps neighbours are listed as one.
 */
export function measure(manifest: Manifest, plan: Plan, unusable: ReadonlySet<string>): Measured {
  const whole = [{ from: 0, to: manifest.endSamples }];
  const kept = both(normal(manifest.kept), whole);
  const seatIds = seatsOf(manifest);
  const seats = seatIds.map((seatId) => {
    const present = both(normal(spansOf(manifest.presence, seatId)), whole);
    const due = both(present, kept);
    const own = plan.speakers.filter(({ track }) => track.seatId === seatId);
    // A seat with two tracks speaks when either does.
    const quiet = own.map(({ pieces }) => silent(pieces)).reduce(both, whole);
    const missing = both(due, quiet).filter(atLeastAGap);
    const paused = without(present, kept).filter(atLeastAGap);
    const gaps = [
      ...explain(manifest, seatId, missing, unusable),
      ...paused.map((span) => gapOf(seatId, span, "paused")),
    ];
    return {
      seatId,
      role: own[0]?.track.role ?? manifest.tracks.find((track) => track.seatId === seatId)?.role,
      ratio: total(due) === 0 ? 1 : (total(due) - total(missing)) / total(due),
      complete: missing.length === 0,
      gaps: fewerGaps(
        gaps.toSorted((a, b) => a.startSamples - b.startSamples),
        Math.floor(MAX_GAPS / seatIds.length),
      ),
      absences: without(whole, present).filter(atLeastAGap),
    };
  });
  return {
    state: seats.every(({ complete }) => complete) ? "complete" : "complete_with_gaps",
    coverage: seats.flatMap(({ seatId, role, ratio }) => (role ? [{ seatId, role, ratio }] : [])),
    gaps: seats.flatMap(({ gaps }) => gaps),
    absences: seats.flatMap(({ seatId, absences }) =>
      absences.map(({ from, to }) => ({ seatId, startSamples: from, endSamples: to })),
    ),
  };
}

const atLeastAGap = ({ from, to }: Span): boolean => to - from >= SMALLEST_GAP_SAMPLES;

const spansOf = (
  rows: readonly { readonly seatId: SeatId; readonly fromSamples: number; readonly toSamples: number }[],
  seat: SeatId,
): Span[] => rows.filter(({ seatId }) => seatId === seat).map((row) => ({ from: row.fromSamples, to: row.toSamples }));

/**
 * Splits missing spans by cause. First come facts about this very sound (a chunk that is gone, a gap the recorder
 * saw and understood), then what explains any missing sound: the person's connection was away, no recorder ran or it
 * had not taken their track yet, a slot never reached the store. What is left was lost on the way.
 */
function explain(
  manifest: Manifest,
  seat: SeatId,
  missing: readonly Span[],
  unusable: ReadonlySet<string>,
): RecordingGap[] {
  const tracks = new Set<string>(
    speakerTracks(manifest)
      .filter(({ seatId }) => seatId === seat)
      .map(({ trackId }) => trackId),
  );
  const own = manifest.chunks.filter((row) => row.mediaType === "audio" && tracks.has(row.track));
  const ran = manifest.runs.map((run) => ({ from: run.startSamples, to: run.endSamples }));
  const shipped = manifest.chunks
    .filter(({ mediaType }) => isSound(mediaType))
    .map((row) => ({ from: row.startSamples, to: row.endSamples }));
  const seen = (cause: GapCause): Span[] =>
    own
      .flatMap((row) => row.gaps)
      .filter((gap) => gap.cause === cause)
      .map((gap) => ({ from: gap.startSamples, to: gap.endSamples }));
  const causes: readonly (readonly [GapCause, readonly Span[]])[] = [
    ["store", own.filter((row) => unusable.has(row.key)).flatMap(heldBy)],
    ["capture_stall", seen("capture_stall")],
    ["recorder", seen("recorder")],
    ["store", seen("store")],
    ["disconnect", [...spansOf(manifest.away, seat), ...seen("disconnect")]],
    ["recorder", [...without([{ from: 0, to: manifest.endSamples }], normal(ran)), ...untilTaken(manifest, own)]],
    ["store", without([{ from: 0, to: manifest.endSamples }], normal(shipped))],
  ];
  let rest = missing;
  const found: { from: number; to: number; cause: GapCause }[] = [];
  for (const [cause, where] of causes) {
    const spans = normal(where);
    found.push(...both(rest, spans).map((part) => ({ ...part, cause })));
    rest = without(rest, spans);
  }
  found.push(...rest.map((part) => ({ ...part, cause: "loss" as const })));
  return joined(found).map((part) => gapOf(seat, part, part.cause));
}

/**
 * Of a recorder that came back: from its run's start to the first sound of a speaker in it. A cut in that time leaves a slot
 * that nobody is in: no chunk. Where the chunk that was made first is missing, the store lost something.
 */
function untilTaken({ runs }: Manifest, own: readonly ChunkRow[]): Span[] {
  const begun = Math.min(...runs.map(({ startSamples }) => startSamples));
  return runs.flatMap(({ runId, startSamples: from }) => {
    const first = own.find((row) => row.runId === runId && row.seq === 0);
    const to = Math.min(...(first ? heldBy(first) : []).map((held) => held.from));
    return from > begun && to - from <= TAKEN_WITHIN_SAMPLES ? [{ from, to }] : [];
  });
}

/** One gap for neighbours of one cause; a sliver between two causes takes its neighbour's. */
function joined(parts: readonly (Span & { cause: GapCause })[]): (Span & { cause: GapCause })[] {
  const out: { from: number; to: number; cause: GapCause }[] = [];
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && last.to === part.from && (last.cause === part.cause || !atLeastAGap(part))) last.to = part.to;
    else if (last && last.to === part.from && !atLeastAGap(last))
      Object.assign(last, { to: part.to, cause: part.cause });
    else out.push({ ...part });
  }
  return out;
}

const gapOf = (seatId: SeatId, { from, to }: Span, cause: GapCause): RecordingGap => ({
  seatId,
  startSamples: from,
  endSamples: to,
  cause,
});
