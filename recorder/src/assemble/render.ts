import { readFile } from "node:fs/promises";
import { MIX_RATE } from "@verbatim/shared/clock";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import { type ChunkDecoder, toMix } from "./decode.ts";
import { chunkFile } from "./fetch.ts";
import type { MixPiece, Piece, Plan } from "./plan.ts";
import { readOggOpus } from "./read-ogg.ts";
import { readWav } from "./read-wav.ts";

/** What is in memory at once, per track: 10 s at 16 kHz. */
export const WINDOW = 10 * MIX_RATE;
/** Decoded chunks kept per track. Two runs that fill each other's holes alternate between two chunks. */
const KEPT_CHUNKS = 3;

/** Where a plan's chunks lie, and what turns them into sound. */
export type Sources = { readonly folder: string; readonly decoder: ChunkDecoder };

/** Length of every output in samples at 16 kHz. A recording of nothing is one sample long, so that it is a file. */
export const lengthOf = (plan: Plan): number => Math.max(1, toMix(plan.endSamples));

/** The plan's sound from one place to another at 16 kHz, window by window: the sum of its speakers, limited instead of wrapped. */
export async function* masterSound(
  plan: Plan,
  sources: Sources,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<Int16Array> {
  const speakers = plan.speakers.map(({ pieces }) => createTimeline(pieces, sources));
  const mix = createTimeline(plan.mix, sources);
  for (const [start, end] of windows(from, to)) {
    const master = new Int16Array(end - start);
    for (const speaker of speakers) add(master, await speaker.read(start, end));
    // A mix replaces the sum, it is not added: the other speakers are in it already.
    await mix.lay(master, start, end);
    yield master;
  }
}

/** One speaker's whole timeline at 16 kHz, window by window. */
export async function* speakerSound(plan: Plan, index: number, sources: Sources): AsyncGenerator<Int16Array> {
  const speaker = createTimeline(plan.speakers[index]?.pieces ?? [], sources);
  for (const [start, end] of windows(0, lengthOf(plan))) yield await speaker.read(start, end);
}

function* windows(from: number, to: number): Generator<readonly [number, number]> {
  for (let start = from; start < to; start += WINDOW) yield [start, Math.min(to, start + WINDOW)];
}

function add(sum: Int16Array, samples: Int16Array): void {
  for (let i = 0; i < sum.length; i++) {
    const value = (sum[i] ?? 0) + (samples[i] ?? 0);
    sum[i] = value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value;
  }
}

function createTimeline(pieces: readonly (Piece | MixPiece)[], { folder, decoder }: Sources) {
  const decoded = new Map<string, Int16Array>();
  let next = 0;

  const sound = async (row: ChunkRow): Promise<Int16Array> => {
    const known = decoded.get(row.key);
    if (known) return known;
    const samples = decode(row, await readFile(chunkFile(folder, row)), decoder);
    decoded.set(row.key, samples);
    for (const key of decoded.keys()) {
      if (decoded.size <= KEPT_CHUNKS) break;
      decoded.delete(key);
    }
    return samples;
  };

  const lay = async (out: Int16Array, from: number, to: number): Promise<void> => {
    while (next < pieces.length && toMix(pieces[next]?.to ?? 0) <= from) next++;
    for (let i = next; i < pieces.length; i++) {
      const piece = pieces[i];
      if (!piece || toMix(piece.from) >= to) break;
      if (piece.source === "silence") continue;
      const samples = await sound(piece.source);
      const start = toMix(piece.source.startSamples);
      const first = Math.max(from, toMix(piece.from));
      const last = Math.min(to, toMix(piece.to), start + samples.length);
      if (last > first) out.set(samples.subarray(first - start, last - start), first - from);
    }
  };

  return {
    lay,
    async read(from: number, to: number): Promise<Int16Array> {
      const out = new Int16Array(to - from);
      await lay(out, from, to);
      return out;
    },
  };
}

/** Checked when it was fetched; what no longer reads is silence rather than an end of the whole job. */
function decode(row: ChunkRow, content: Uint8Array, decoder: ChunkDecoder): Int16Array {
  if (row.mediaType === "mix") return readWav(content) ?? new Int16Array();
  const ogg = readOggOpus(content);
  return ogg ? decoder.decode(ogg) : new Int16Array();
}
