import { createHash } from "node:crypto";
import { MIX_RATE } from "@verbatim/shared/clock";
import type { RunId, TrackId } from "@verbatim/shared/ids";
import { subtract, chunkGaps } from "../chunk/gaps.ts";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import { chunkFrames } from "../chunk/frames.ts";
import { writeOggOpus } from "../chunk/ogg-opus.ts";
import { writeWav } from "../chunk/wav.ts";
import { mixTracks } from "../mix/mix.ts";
import type { Libopus } from "../opus/libopus.ts";
import type { Slot } from "./slots.ts";
import type { SlotMedia } from "./track-media.ts";

/** A chunk before it has a number. */
export type Built = Pick<ChunkRow, "mediaType" | "track" | "startSamples" | "endSamples" | "gaps" | "source"> & {
  readonly ext: "wav" | "ogg" | "webm" | "mp4";
  readonly contentType: string;
  /** The file, given its number among the track's chunks. */
  readonly encode: (seq: number) => Uint8Array;
};

/** The chunks of a slot: one per speaker who is in it and, if anybody is, the mix. The same media give the same bytes. */
export function buildSlot(runId: RunId, slot: Slot, tracks: readonly SlotMedia[], opus: Libopus): Built[] {
  const speakers = tracks.filter(({ present }) => present);
  if (speakers.length === 0) return [];
  const built = speakers.map((media) => speakerChunk(runId, slot, media));
  const { startSamples, endSamples } = slot;
  const mix = mixTracks(
    startSamples,
    endSamples,
    speakers.map(({ packets }) => packets),
    opus,
  );
  if (mix.length === 0) return built;
  const paused = subtract([{ from: startSamples, to: endSamples }], slot.kept);
  return [
    {
      mediaType: "mix",
      track: "mix",
      startSamples,
      endSamples,
      gaps: paused.map(({ from, to }) => ({ startSamples: from, endSamples: to, cause: "paused" })),
      source: "live",
      ext: "wav",
      contentType: "audio/wav",
      encode: () => writeWav(mix, MIX_RATE),
    },
    ...built,
  ];
}

function speakerChunk(runId: RunId, { endSamples, kept }: Slot, media: SlotMedia): Built {
  const { startSamples, header, packets, marks, next } = media;
  return {
    mediaType: "audio",
    track: header.trackId,
    startSamples,
    endSamples,
    gaps: chunkGaps({ from: startSamples, to: endSamples }, { packets, kept, marks, next }),
    source: header.source,
    ext: "ogg",
    contentType: "audio/ogg",
    encode: (seq) =>
      writeOggOpus(
        chunkFrames(startSamples, endSamples, packets),
        endSamples - startSamples,
        serialOf(runId, header.trackId, seq),
      ),
  };
}

/** Ogg wants streams told apart; derived, so that a chunk that is made again is the same. */
function serialOf(runId: RunId, track: TrackId, seq: number): number {
  return createHash("sha256").update(`${runId}/${track}/${seq}`).digest().readUInt32LE(0);
}
