import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import { OpusDecoder } from "opus-decoder";
import { opusSamples } from "../timeline/opus-packet.ts";
import type { OggOpus } from "./read-ogg.ts";

/** Positions are at 48 kHz, the master's samples at 16 kHz: one place does the rounding, on absolute positions. */
export const toMix = (samples: number): number => Math.round((samples * MIX_RATE) / SAMPLE_RATE);

export type ChunkDecoder = {
  /** The chunk's sound at 16 kHz, exactly as long as the file says: of this chunk alone, whatever was decoded before. */
  decode(chunk: OggOpus): Promise<Int16Array>;
};

/** One libopus decoder that decodes straight to 16 kHz, for any number of chunks one after another. */
export async function createChunkDecoder(): Promise<ChunkDecoder & Disposable> {
  const opus = new OpusDecoder({ sampleRate: MIX_RATE, channels: 1 });
  await opus.ready;
  let turn: Promise<unknown> = Promise.resolve();
  const silence = (packet: Uint8Array): Float32Array => new Float32Array(toMix(opusSamples(packet)));

  /** A packet that libopus refuses lasts as long as it says, silent, so that nothing after it moves. */
  const one = (packet: Uint8Array): Float32Array => {
    if (packet.length > 3_000) return silence(packet);
    const { channelData, samplesDecoded } = opus.decodeFrame(packet);
    return samplesDecoded > 0 ? (channelData[0] ?? silence(packet)) : silence(packet);
  };

  const decode = async ({ packets, preSkip, length }: OggOpus): Promise<Int16Array> => {
    // What is left of another chunk would be heard, very softly, and the order of work would be seen in the bytes.
    await opus.reset();
    const skip = toMix(preSkip);
    const out = new Int16Array(toMix(length));
    let at = -skip;
    for (const packet of packets) {
      const sound = one(packet);
      for (let i = Math.max(0, -at), to = Math.min(sound.length, out.length - at); i < to; i++) {
        out[at + i] = toInt16(sound[i] ?? 0);
      }
      at += sound.length;
      if (at >= out.length) break;
    }
    return out;
  };

  return {
    decode(chunk) {
      const mine = turn.then(() => decode(chunk));
      turn = mine.catch(() => undefined); // Told to its caller; the next one is not concerned.
      return mine;
    },
    [Symbol.dispose]: () => opus.free(),
  };
}

const toInt16 = (sample: number): number => {
  const scaled = Math.round(sample * 32_768);
  return scaled > 32_767 ? 32_767 : scaled < -32_768 ? -32_768 : scaled;
};
