import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import { toInt16 } from "../mix/to-int16.ts";
import { openLibopus } from "../opus/libopus.ts";
import { opusSamples } from "../timeline/opus-packet.ts";
import type { OggOpus } from "./read-ogg.ts";

/** Positions are at 48 kHz, the master's samples at 16 kHz: one place does the rounding, on absolute positions. */
export const toMix = (samples: number): number => Math.round((samples * MIX_RATE) / SAMPLE_RATE);

export type ChunkDecoder = {
  /** The chunk's sound at 16 kHz, exactly as long as the file says: of this chunk alone, whatever was decoded before. */
  decode(chunk: OggOpus): Int16Array;
};

/** Decodes any number of chunks straight to 16 kHz, each by a stream of its own. */
export async function createChunkDecoder(): Promise<ChunkDecoder> {
  const opus = await openLibopus();
  return {
    decode({ packets, preSkip, length }) {
      // What is left of another chunk would be heard, very softly, and the order of work would be seen in the bytes.
      using stream = opus.open();
      const skip = toMix(preSkip);
      const out = new Int16Array(toMix(length));
      let at = -skip;
      for (const packet of packets) {
        const sound = stream.decode(packet);
        for (let i = Math.max(0, -at), to = Math.min(sound.length, out.length - at); i < to; i++) {
          out[at + i] = toInt16(sound[i] ?? 0);
        }
        // A packet that libopus refuses lasts as long as it says, silent, so that nothing after it moves.
        at += sound.length || toMix(opusSamples(packet));
        if (at >= out.length) break;
      }
      return out;
    },
  };
}
