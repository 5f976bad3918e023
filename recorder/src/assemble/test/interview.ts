import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Store } from "@verbatim/hands/store/store";
import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import { InterviewId, RecordingId, type Role, RunId, SeatId, TenantId, trackId } from "@verbatim/shared/ids";
import { chunkKey } from "@verbatim/shared/recording/keys";
import type { ChunkRow, Manifest, ManifestTrack } from "@verbatim/shared/recording/manifest";

const run = promisify(execFile);
export const seconds = (n: number): number => Math.round(n * SAMPLE_RATE);

export const newIds = () => ({
  tenantId: TenantId.parse(randomUUID()),
  interviewId: InterviewId.parse(randomUUID()),
  recordingId: RecordingId.parse(randomUUID()),
});

export const newTrack = (role: Role): ManifestTrack => {
  const seatId = SeatId.parse(randomUUID());
  return { trackId: trackId(seatId, "audio"), seatId, role, kind: "audio", codec: "opus" };
};

export const newRun = (): RunId => RunId.parse(randomUUID());

/** A manifest in which everybody was there the whole time and one run covered it. */
export function manifestOf(of: {
  ids: ReturnType<typeof newIds>;
  tracks: ManifestTrack[];
  chunks: ChunkRow[];
  endSamples: number;
  runs?: Manifest["runs"];
}): Manifest {
  const { ids, tracks, chunks, endSamples } = of;
  return {
    version: 1,
    ...ids,
    revision: 1,
    clock: { bootId: "boot", startUs: 0, startUtcMs: 0 },
    endSamples,
    kept: [{ from: 0, to: endSamples }],
    presence: tracks.map(({ seatId }) => ({ seatId, fromSamples: 0, toSamples: endSamples })),
    away: [],
    runs: of.runs ?? [{ runId: newRun(), startSamples: 0, endSamples }],
    tracks,
    chunks,
  };
}

/** Stores a stretch of sound as a chunk, encoded by ffmpeg: Ogg Opus for a speaker, WAV for the mix. */
export async function storeChunk(
  store: Store,
  of: {
    ids: ReturnType<typeof newIds>;
    runId: RunId;
    track: ManifestTrack["trackId"] | "mix";
    seq: number;
    startSamples: number;
    /** 16 kHz, the whole recording's; the chunk takes its own stretch. */
    sound: Int16Array;
    endSamples: number;
    gaps?: ChunkRow["gaps"];
  },
): Promise<ChunkRow> {
  const mix = of.track === "mix";
  const scale = SAMPLE_RATE / MIX_RATE;
  const part = of.sound.slice(Math.round(of.startSamples / scale), Math.round(of.endSamples / scale));
  const content = await (mix ? encode(part, ["-c:a", "pcm_s16le"], "wav") : encode(part, opusArgs, "ogg"));
  const key = chunkKey({
    ...of.ids,
    mediaType: mix ? "mix" : "audio",
    runId: of.runId,
    track: of.track,
    seq: of.seq,
    ext: mix ? "wav" : "ogg",
  });
  const sha256 = createHash("sha256").update(content).digest("hex");
  await store.put(key, content, { sha256, contentType: "application/octet-stream" });
  return {
    key,
    mediaType: mix ? "mix" : "audio",
    runId: of.runId,
    track: of.track,
    seq: of.seq,
    startSamples: of.startSamples,
    endSamples: of.endSamples,
    bytes: content.length,
    sha256,
    source: "live",
    gaps: of.gaps ?? [],
    previousSha256: null,
  };
}

const opusArgs = ["-ar", "48000", "-c:a", "libopus", "-b:a", "32k", "-application", "voip"];

async function encode(samples: Int16Array, args: string[], ext: string): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-chunk-"));
  try {
    const [from, to] = [path.join(folder, "in.raw"), path.join(folder, `out.${ext}`)];
    await writeFile(from, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    // The bit-exact flags keep ffmpeg from writing a LIST chunk and a random serial number.
    const input = ["-f", "s16le", "-ar", "16000", "-ac", "1", "-i", from];
    await run("ffmpeg", ["-v", "error", "-y", ...input, ...args, "-fflags", "+bitexact", "-flags", "+bitexact", to]);
    return await readFile(to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What ffmpeg hears in a file, at 16 kHz. */
export async function heard(content: Uint8Array): Promise<Int16Array> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-heard-"));
  try {
    const [from, to] = [path.join(folder, "in.mp3"), path.join(folder, "out.raw")];
    await writeFile(from, content);
    await run("ffmpeg", ["-v", "error", "-xerror", "-y", "-i", from, "-f", "s16le", "-ar", "16000", "-ac", "1", to]);
    const raw = await readFile(to);
    return new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds that ffprobe says a file lasts. */
export async function probedSeconds(content: Uint8Array): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-probe-"));
  try {
    const file = path.join(folder, "in.mp3");
    await writeFile(file, content);
    const { stdout } = await run("ffprobe", [
      "-v",
      "error",
      "-show_entries",
      "format=duration",
      "-of",
      "csv=p=0",
      file,
    ]);
    return Number(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Silence with a 5 ms burst of 2 kHz at each of these seconds. */
export function clicks(lengthS: number, at: readonly number[], hz = 2000): Int16Array {
  const sound = new Int16Array(Math.round(lengthS * MIX_RATE));
  for (const s of at) {
    const from = Math.round(s * MIX_RATE);
    for (let i = 0; i < 0.005 * MIX_RATE; i++) {
      if (from + i < sound.length) sound[from + i] = Math.round(20_000 * Math.sin((2 * Math.PI * hz * i) / MIX_RATE));
    }
  }
  return sound;
}

/** Seconds at which bursts begin: the first loud sample after 100 ms of quiet. */
export function onsets(sound: Int16Array, loud = 4_000): number[] {
  const found: number[] = [];
  let last = -MIX_RATE;
  for (let i = 0; i < sound.length; i++) {
    if (Math.abs(sound[i] ?? 0) < loud) continue;
    if (i - last > MIX_RATE / 10) found.push(i / MIX_RATE);
    last = i;
  }
  return found;
}
