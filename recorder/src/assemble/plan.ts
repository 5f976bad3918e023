import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { SeatId, TrackId } from "@verbatim/shared/ids";
import type { Span } from "@verbatim/shared/recording/control";
import type { ChunkRow, Manifest, ManifestTrack } from "@verbatim/shared/recording/manifest";
import { both, normal, without } from "./spans.ts";

/** Holes shorter than this come from ordinary packet timing: silence, but no gap. */
export const SMALLEST_GAP_SAMPLES = SAMPLE_RATE / 50;

/** Where a range of one track's output comes from. Pieces follow one another without a hole from 0 to the end. */
export type Piece = Span & { readonly source: ChunkRow | "silence" };

export type SpeakerPlan = {
  readonly track: ManifestTrack;
  readonly pieces: readonly Piece[];
};

/** A range of the master that is taken from a mix, because a speaker's own sound for it is lost. */
export type MixPiece = Span & { readonly source: ChunkRow };

export type Plan = {
  readonly endSamples: number;
  /** In the order of seat and track, whatever the manifest's order. */
  readonly speakers: readonly SpeakerPlan[];
  readonly mix: readonly MixPiece[];
  /** Keys of rows that say again what another row says. */
  readonly duplicates: readonly string[];
};

/**
 * Chooses for every sample of every speaker the chunk it is taken from. Pure: the same rows in any order, once or
 * twice, give the same plan. Among chunks that hold a sample the one that holds most in all is taken, so that
 * choices change rarely; never the newest. `unusable` are keys that turned out missing or corrupt.
 */
export function planAssembly(manifest: Manifest, unusable: ReadonlySet<string> = new Set()): Plan {
  const { rows, duplicates } = distinct(manifest.chunks);
  const kept = both(normal(manifest.kept), [{ from: 0, to: manifest.endSamples }]);
  const speakers = speakerTracks(manifest).map((track): SpeakerPlan => {
    const own = rows.filter((row) => row.mediaType === "audio" && row.track === track.trackId);
    const usable = own.filter((row) => !unusable.has(row.key));
    return { track, pieces: choose(usable, kept, manifest.endSamples) };
  });
  const lost = normal(speakers.flatMap(({ track, pieces }) => lostSpans(track.trackId, pieces, rows, unusable)));
  const mixes = rows.filter((row) => row.mediaType === "mix" && !unusable.has(row.key));
  const mix = choose(mixes, both(kept, lost), manifest.endSamples).flatMap((piece) =>
    piece.source === "silence" ? [] : [{ ...piece, source: piece.source }],
  );
  return { endSamples: manifest.endSamples, speakers, mix, duplicates };
}

/** What a chunk holds: its range without its gaps. Gaps too short to count are left to the decoder. */
export function heldBy(row: ChunkRow): Span[] {
  const gaps = row.gaps
    .map((gap) => ({ from: gap.startSamples, to: gap.endSamples }))
    .filter((gap) => gap.to - gap.from >= SMALLEST_GAP_SAMPLES);
  return without([{ from: row.startSamples, to: row.endSamples }], normal(gaps));
}

/** Sound that a chunk of this track should have given, and no other chunk gives. */
function lostSpans(
  track: TrackId,
  pieces: readonly Piece[],
  rows: readonly ChunkRow[],
  unusable: ReadonlySet<string>,
): Span[] {
  const gone = rows.filter((row) => row.mediaType === "audio" && row.track === track && unusable.has(row.key));
  return both(normal(silent(pieces)), normal(gone.flatMap(heldBy)));
}

export const silent = (pieces: readonly Piece[]): Span[] => normal(pieces.filter(({ source }) => source === "silence"));

export function speakerTracks(manifest: Manifest): ManifestTrack[] {
  const byId = new Map(manifest.tracks.filter(({ kind }) => kind === "audio").map((track) => [track.trackId, track]));
  return [...byId.values()].toSorted((a, b) => compare(a.seatId, b.seatId) || compare(a.trackId, b.trackId));
}

export const seatsOf = (manifest: Manifest): SeatId[] =>
  [...new Set([...speakerTracks(manifest), ...manifest.presence].map(({ seatId }) => seatId))].toSorted(compare);

/** Walks the rows' edges; between two edges nothing changes, so one choice serves the whole range. */
function choose(rows: readonly ChunkRow[], kept: readonly Span[], end: number): Piece[] {
  const ranked = rows
    .map((row) => ({ row, held: heldBy(row) }))
    .map(({ row, held }) => ({ row, held, amount: held.reduce((sum, span) => sum + span.to - span.from, 0) }))
    .toSorted(
      (a, b) => b.amount - a.amount || a.row.startSamples - b.row.startSamples || compare(a.row.key, b.row.key),
    );
  // Best first: each takes what is kept and not yet taken. What nobody takes is silence.
  let open: Span[] = [...kept];
  const taken: Piece[] = [];
  for (const { row, held } of ranked) {
    taken.push(...both(open, held).map((span) => ({ ...span, source: row })));
    open = without(open, held);
  }
  const silence = without([{ from: 0, to: end }], normal(taken)).map((span): Piece => ({ ...span, source: "silence" }));
  return [...taken, ...silence].toSorted((a, b) => a.from - b.from);
}

/** One row for each key, and one for each place in a run that was described twice with the same content. */
function distinct(chunks: readonly ChunkRow[]): { rows: ChunkRow[]; duplicates: string[] } {
  const rows = new Map<string, ChunkRow>();
  const duplicates = new Set<string>();
  for (const row of chunks.toSorted((a, b) => compare(a.key, b.key) || compare(JSON.stringify(a), JSON.stringify(b)))) {
    const place = `${row.mediaType}/${row.runId}/${row.track}/${row.seq}/${row.startSamples}/${row.endSamples}/${row.sha256}`;
    if (rows.has(place)) duplicates.add(row.key);
    else rows.set(place, row);
  }
  return { rows: [...rows.values()], duplicates: [...duplicates].toSorted(compare) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
