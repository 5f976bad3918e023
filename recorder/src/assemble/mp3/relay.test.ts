import { execFileSync } from "node:child_process";
import { MIX_RATE } from "@verbatim/shared/clock";
import { AudioSample, AudioSampleSource, Mp3OutputFormat, NullTarget, Output } from "mediabunny";
import { registerMp3Encoder } from "@mediabunny/mp3-encoder";
import { expect, it } from "vitest";
import { heard } from "../test/interview.ts";
import { FRAME_BYTES, FRAME_SAMPLES, MP3_BITRATE } from "./format.ts";
import { createRelay } from "./relay.ts";

/** LAME's own frames for 20 s of loud, busy sound that begins at once. */
async function frames(): Promise<Uint8Array[]> {
  registerMp3Encoder();
  const made: Uint8Array[] = [];
  const source = new AudioSampleSource({
    codec: "mp3",
    bitrate: MP3_BITRATE,
    onEncodedPacket: (packet) => void made.push(packet.data),
  });
  const output = new Output({ format: new Mp3OutputFormat({ xingHeader: false }), target: new NullTarget() });
  output.addAudioTrack(source);
  await output.start();
  const sound = "aevalsrc=0.3*sin(2*PI*(200+150*t)*t)+0.2*random(0)*lt(mod(t\\,0.5)\\,0.2):s=16000:d=20";
  const pcm = execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", sound, "-f", "s16le", "-"], {
    maxBuffer: 1 << 24,
  });
  const data = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
  using sample = new AudioSample({ data, format: "s16", numberOfChannels: 1, sampleRate: MIX_RATE, timestamp: 0 });
  await source.add(sample);
  await output.finalize();
  return made;
}

it("drops the first frame, and every sample after it decodes as before", async () => {
  const before = await frames();
  const after: Uint8Array[] = [];
  const relay = createRelay(1, (frame) => after.push(frame));
  for (const frame of before) relay.write(frame);
  relay.finish();
  expect(after).toHaveLength(before.length - 1);
  expect(after.every(({ length }) => length === FRAME_BYTES)).toBe(true);
  const [whole, relaid] = [await heard(Buffer.concat(before)), await heard(Buffer.concat(after))];
  // The first has lost what it overlapped with, one may lack room for its data, and the filters ring for a third.
  const settled = 3 * FRAME_SAMPLES;
  expect(relaid.length).toBe(whole.length - FRAME_SAMPLES);
  // ffmpeg's dither goes by position: the last bit may differ, and nothing else.
  const off = relaid.subarray(settled).map((sample, i) => Math.abs(sample - whole[settled + FRAME_SAMPLES + i]!));
  expect(off.reduce((most, each) => Math.max(most, each), 0)).toBeLessThanOrEqual(1);
});
