import { createHash, randomUUID } from "node:crypto";
import type { RecordingClock } from "@verbatim/shared/clock";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { type RecordingId, RunId, type SeatId, trackId } from "@verbatim/shared/ids";
import { chunkKey, mediaTypeOf } from "@verbatim/shared/recording/keys";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import type { createDiskStore } from "@verbatim/hands/store/disk";
import type { At } from "../src/control/controls.ts";
import type { Harness } from "./harness.ts";

type Store = Awaited<ReturnType<typeof createDiskStore>>;
export const seconds = (n: number): number => n * SAMPLE_RATE;

/** Says what ship, scribe and assembler would say of one run. */
export function fakeRun(
  harness: Harness,
  at: At,
  recordingId: RecordingId,
  clock: RecordingClock,
  seatId: SeatId,
  role: "interviewer" | "candidate",
) {
  const runId = RunId.parse(randomUUID());
  const track = trackId(seatId, "audio");
  const of = { tenantId: at.tenantId, interviewId: at.interviewId, recordingId };
  let previous: string | null = null;
  const row = (
    mediaType: "audio" | "mix" | "video" | "screen",
    on: ChunkRow["track"],
    seq: number,
    range: readonly [number, number],
    before: string | null,
  ) => {
    const content = Buffer.from(`${runId}/${on}/${seq}`);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const ext = ({ mix: "wav", audio: "ogg", video: "webm", screen: "mp4" } as const)[mediaType];
    const chunk: ChunkRow = {
      key: chunkKey({ ...at, mediaType, runId, track: on, seq, ext }),
      mediaType,
      runId,
      track: on,
      seq,
      startSamples: range[0],
      endSamples: range[1],
      bytes: content.length,
      sha256,
      source: "live",
      gaps: [],
      previousSha256: before,
    };
    return { event: { type: "chunk-stored", ...of, chunk } satisfies RecorderEvent, chunk, content };
  };
  let previousMix: string | null = null;
  return {
    runId,
    of,
    alive(change: Partial<Extract<RecorderEvent, { type: "run-alive" }>> = {}): RecorderEvent {
      const durableSamples = change.durableSamples ?? 0;
      return {
        type: "run-alive",
        ...of,
        runId,
        clock,
        startSamples: 0,
        durableSamples,
        storedSamples: 0,
        endSamples: null,
        backlog: 0,
        tracks: [{ trackId: track, seatId, role, kind: "audio", codec: "opus", lastPacketSamples: durableSamples }],
        ...change,
      };
    },
    chunk(seq: number, from: number, to: number): { event: RecorderEvent; chunk: ChunkRow; content: Buffer } {
      const made = row("audio", track, seq, [from, to], previous);
      previous = made.chunk.sha256;
      return made;
    },
    mix(seq: number, from: number, to: number): { event: RecorderEvent; chunk: ChunkRow; content: Buffer } {
      const made = row("mix", "mix", seq, [from, to], previousMix);
      previousMix = made.chunk.sha256;
      return made;
    },
    picture(
      kind: "camera" | "screen",
      seq: number,
      range: readonly [number, number],
      gaps: ChunkRow["gaps"] = [],
    ): ReturnType<typeof row> {
      const made = row(mediaTypeOf(kind), trackId(seatId, kind), seq, range, null);
      made.chunk.gaps = gaps;
      return made;
    },
    async store(store: Store, chunk: ChunkRow, content: Buffer): Promise<void> {
      await store.put(chunk.key, content, { sha256: chunk.sha256, contentType: "audio/ogg" });
    },
    saying(startMs: number, text: string): RecorderEvent {
      return { type: "words-interim", ...of, seatId, startMs, text };
    },
    words(startMs: number, ...texts: string[]): RecorderEvent {
      const words = texts.map((text, n) => ({
        text,
        startMs: startMs + n * 300,
        endMs: startMs + n * 300 + 250,
        confidence: 0.9,
      }));
      return { type: "words-final", ...of, seatId, startMs, endMs: startMs + texts.length * 300, words };
    },
  };
}
