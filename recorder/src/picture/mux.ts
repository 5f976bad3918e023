import { SAMPLE_RATE } from "@verbatim/shared/clock";
import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from "mediabunny";
import type { PictureFormat } from "./picture.ts";

/** A frame in a file of its own: `startSamples` counts from the file's beginning, where the first one lies. */
export type MuxedFrame = { readonly data: Uint8Array; readonly key: boolean; readonly startSamples: number };

/** VP8 in WebM, H264 in MP4: the files that every browser plays by itself. */
export const containerOf = (codec: PictureFormat["codec"]) =>
  codec === "vp8"
    ? ({ ext: "webm", contentType: "video/webm" } as const)
    : ({ ext: "mp4", contentType: "video/mp4" } as const);

/**
 * Frames as a file that plays alone from 0 to `endSamples`. Nothing is decoded; holes between frames stay holes. The
 * same frames give the same bytes, so that a chunk that is made again after a crash is the chunk in the store.
 */
export async function muxPicture(
  format: PictureFormat,
  frames: readonly MuxedFrame[],
  endSamples: number,
): Promise<Uint8Array> {
  const target = new BufferTarget();
  const isVp8 = format.codec === "vp8";
  const output = new Output({
    format: isVp8 ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: "in-memory" }),
    target,
  });
  const source = new EncodedVideoPacketSource(format.codec);
  output.addVideoTrack(source);
  await output.start();
  const { name, width, height, description } = format;
  const decoderConfig = {
    codec: name,
    codedWidth: width,
    codedHeight: height,
    ...(description && { description }),
  };
  for (const [index, { data, key, startSamples }] of frames.entries()) {
    const next = frames[index + 1]?.startSamples ?? endSamples;
    const duration = (next - startSamples) / SAMPLE_RATE;
    const packet = new EncodedPacket(data, key ? "key" : "delta", startSamples / SAMPLE_RATE, duration);
    await source.add(packet, { decoderConfig });
  }
  await output.finalize();
  if (!target.buffer) throw new Error("The muxer ended without a file.");
  const file = new Uint8Array(target.buffer);
  if (!isVp8) clearTimes(file);
  return file;
}

/** Boxes that tell when the file was made, and those they lie in. */
const HOLDERS = new Set(["moov", "trak", "mdia"]);
const DATED = new Set(["mvhd", "tkhd", "mdhd"]);

/** The muxer writes the time of day into MP4 headers; a chunk's time stands in its manifest row. */
function clearTimes(file: Uint8Array, from = 0, to = file.length): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    // 0 and 1 mark a box up to the end and one beyond 4 GB: media data, behind everything that is looked for.
    if (size < 8) return;
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (HOLDERS.has(name)) clearTimes(file, at + 8, at + size);
    if (DATED.has(name)) file.fill(0, at + 12, at + 12 + (file[at + 8] === 1 ? 16 : 8));
    at += size;
  }
}
