import { MIX_RATE } from "@verbatim/shared/clock";
import { registerMp3Encoder } from "@mediabunny/mp3-encoder";
import { AudioSample, AudioSampleSource, Mp3OutputFormat, NullTarget, Output } from "mediabunny";
import { MP3_BITRATE } from "./format.ts";
import { createRelay } from "./relay.ts";

/** LAME begins with this many frames of its own delay (576 samples). */
const DELAY_FRAMES = 1;

export type Mp3Encoder = AsyncDisposable & {
  /** Waits while the encoder is behind; the samples may not be changed after. */
  write(samples: Int16Array): Promise<void>;
  finish(): Promise<void>;
};

/**
 * LAME in a thread of its own, without its delay: the first frame is the first of the sound. Whole frames go to
 * `onFrame` in order; the same samples make the same frames.
 */
export async function createMp3Encoder(onFrame: (frame: Uint8Array) => void): Promise<Mp3Encoder> {
  registerMp3Encoder();
  const relay = createRelay(DELAY_FRAMES, onFrame);
  const source = new AudioSampleSource({
    codec: "mp3",
    bitrate: MP3_BITRATE,
    onEncodedPacket: (packet) => relay.write(packet.data),
  });
  const output = new Output({ format: new Mp3OutputFormat({ xingHeader: false }), target: new NullTarget() });
  output.addAudioTrack(source);
  await output.start();
  let written = 0;
  let finished = false;
  return {
    async write(samples) {
      if (samples.length === 0) return;
      const timestamp = written / MIX_RATE;
      written += samples.length;
      using sample = new AudioSample({
        data: samples,
        format: "s16",
        numberOfChannels: 1,
        sampleRate: MIX_RATE,
        timestamp,
      });
      await source.add(sample);
    },
    async finish() {
      finished = true;
      await output.finalize();
      relay.finish();
    },
    async [Symbol.asyncDispose]() {
      if (!finished) await output.cancel();
    },
  };
}
