import { execFileSync } from "node:child_process";
import type { PicturePacket } from "../src/picture/picture.ts";
import { ffmpeg } from "./opus-source.ts";

/** Frames as a browser's encoder makes them: no B-frames, a key frame every `keyEvery` ones. */
export type SourcePicture = {
  readonly codec: "vp8" | "h264";
  readonly width?: number;
  readonly frames: number;
  readonly keyEvery: number;
};

export const FRAMES_PER_SECOND = 25;

/** VP8 frames, or H264 access units as lists of NAL units. */
export function pictureFrames({ codec, width = 160, frames, keyEvery }: SourcePicture): Uint8Array[][] {
  const source = `testsrc=s=${width}x${(width * 3) / 4}:r=${FRAMES_PER_SECOND}`;
  const from = ["-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-frames:v", String(frames)];
  const keys = ["-g", String(keyEvery), "-keyint_min", String(keyEvery), "-b:v", "400k"];
  const encode = (...to: string[]): Buffer => execFileSync("ffmpeg", [...from, ...keys, ...to], { maxBuffer: 1 << 28 });
  if (codec === "vp8") {
    const args = "-c:v libvpx -deadline realtime -cpu-used 8 -auto-alt-ref 0 -f ivf pipe:1".split(" ");
    return ivfFrames(encode(...args)).map((frame) => [frame]);
  }
  const args =
    "-pix_fmt yuv420p -c:v libx264 -profile:v baseline -tune zerolatency -x264-params sliced-threads=0:aud=1:scenecut=0:repeat-headers=1";
  return accessUnits(encode(...args.split(" "), "-f", "h264", "pipe:1"));
}

function ivfFrames(file: Buffer): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 32; at < file.length; at += 12 + file.readUInt32LE(at)) {
    frames.push(file.subarray(at + 12, at + 12 + file.readUInt32LE(at)));
  }
  return frames;
}

/** Splits Annex B at its access unit delimiters, which a browser does not send. */
function accessUnits(stream: Buffer): Uint8Array[][] {
  const starts: number[] = [];
  for (let at = stream.indexOf("000001", 0, "hex"); at >= 0; at = stream.indexOf("000001", at + 3, "hex")) {
    starts.push(at + 3);
  }
  const units: Uint8Array[][] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    let end = next === undefined ? stream.length : next - 3;
    if (next !== undefined && stream[end - 1] === 0) end -= 1;
    const nal = stream.subarray(start, end);
    if ((nal[0]! & 31) === 9) units.push([]);
    else units.at(-1)?.push(nal);
  }
  return units;
}

export type SentPacket = { readonly payload: Uint8Array; readonly ticks: number };

/** RTP payloads as libwebrtc makes them, 90,000 ticks per second from 0. */
export function sendPicture(codec: "vp8" | "h264", frames: readonly Uint8Array[][], mtu = 1_100): SentPacket[] {
  return frames.flatMap((units, n) => {
    const ticks = (n * 90_000) / FRAMES_PER_SECOND;
    const payloads = codec === "vp8" ? vp8Payloads(units[0]!, n, mtu) : h264Payloads(units, mtu);
    return payloads.map((payload) => ({ payload, ticks }));
  });
}

export function vp8Payloads(frame: Uint8Array, pictureId: number, mtu: number): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < frame.length; at += mtu) {
    const head = Buffer.from([at === 0 ? 0x90 : 0x80, 0x80, 0x80 | (pictureId >> 8), pictureId & 0xff]);
    payloads.push(Buffer.concat([head, frame.subarray(at, at + mtu)]));
  }
  return payloads;
}

/** Small units that follow one another share a packet, large ones are spread. */
export function h264Payloads(units: readonly Uint8Array[], mtu: number): Buffer[] {
  const payloads: Buffer[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    const [only] = small;
    if (small.length === 1 && only) payloads.push(Buffer.from(only));
    else if (small.length > 1) {
      const parts = small.flatMap((nal) => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal]);
      payloads.push(Buffer.concat([Buffer.from([24]), ...parts]));
    }
    small = [];
  };
  for (const nal of units) {
    if (nal.length < 64) {
      small.push(nal);
      continue;
    }
    flush();
    if (nal.length <= mtu) {
      payloads.push(Buffer.from(nal));
      continue;
    }
    for (let at = 1; at < nal.length; at += mtu) {
      const flags = (at === 1 ? 0x80 : 0) | (at + mtu >= nal.length ? 0x40 : 0);
      const head = Buffer.from([(nal[0]! & 0xe0) | 28, flags | (nal[0]! & 31)]);
      payloads.push(Buffer.concat([head, nal.subarray(at, at + mtu)]));
    }
  }
  flush();
  return payloads;
}

/** What was sent as it lies in a log: packet `n` has sequence `n` and arrives when it was sent. */
export const asPackets = (sent: readonly SentPacket[]): PicturePacket[] =>
  sent.map(({ payload, ticks }, n) => ({ sequence: n, ticks, arrivalUs: Math.round(ticks / 0.09), payload, at: n }));

/** Every frame of a file as decoded: when it is shown (ms) and a hash of its picture. Any complaint is a failure. */
export function decodePicture(file: Uint8Array): { ms: number; hash: string }[] {
  const text = ffmpeg(
    file,
    "-xerror",
    "-copyts",
    "-i",
    "pipe:0",
    "-an",
    "-vsync",
    "passthrough",
    "-f",
    "framemd5",
    "pipe:1",
  );
  const lines = text.toString().split("\n");
  const [, num = "1", den = "1000"] = /#tb 0: (\d+)\/(\d+)/.exec(text.toString()) ?? [];
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(",").map((part) => part.trim()))
    .map((parts) => ({ ms: (Number(parts[2]) * 1000 * Number(num)) / Number(den), hash: parts[5] ?? "" }));
}
