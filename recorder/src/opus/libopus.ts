import { OpusDecoder } from "opus-decoder";
import { MIX_RATE } from "@verbatim/shared/clock";

/** libopus in WebAssembly (29 MB), for any number of streams one beside another. */
export type Libopus = {
  /** A stream that remembers nothing: the same packets give the same samples, whatever was decoded before. */
  open(): OpusStream;
};

export type OpusStream = Disposable & {
  /**
   * The samples of a packet at 16 kHz, mono; none of one that libopus refuses. An empty packet conceals a loss (120 ms).
   * They lie in the decoder's memory, until the next packet of any stream.
   */
  decode(packet: Uint8Array): Float32Array;
};

/** More than any datagram holds. */
const MAX_PACKET_BYTES = 4_096;
/** 120 ms at 48 kHz, which libopus wants room for whatever the rate. */
const MAX_SAMPLES = 5_760;

/** What opus-decoder calls libopus' functions inside; pointers are numbers. */
type Inside = {
  readonly HEAP: ArrayBuffer;
  malloc(bytes: number): number;
  free(at: number): void;
  opus_frame_decoder_create(
    rate: number,
    channels: number,
    streams: number,
    coupled: number,
    mapping: number,
    preSkip: number,
    forceStereo: number,
  ): number;
  opus_frame_decoder_destroy(stream: number): void;
  opus_frame_decode_float_deinterleaved(stream: number, packet: number, bytes: number, samples: number): number;
};

/**
 * Loads opus-decoder and goes past its surface, whose `reset` makes a new WebAssembly memory (3.4 ms here, and garbage of
 * 29 MB each time) and whose `decodeFrame` copies every packet's samples twice. A stream of libopus' own costs 1 µs, and
 * a second of speech 1.2 ms instead of 1.7.
 */
export async function openLibopus(): Promise<Libopus> {
  const decoder = new OpusDecoder({ channels: 1, sampleRate: MIX_RATE });
  await decoder.ready;
  const inside = insideOf(decoder);
  const input = inside.malloc(MAX_PACKET_BYTES);
  const output = inside.malloc(MAX_SAMPLES * Float32Array.BYTES_PER_ELEMENT);
  const mapping = inside.malloc(1);
  if (!input || !output || !mapping) throw new Error("libopus has no memory.");
  const packetBytes = new Uint8Array(inside.HEAP, input, MAX_PACKET_BYTES);
  const room = new Float32Array(inside.HEAP, output, MAX_SAMPLES);
  const none = room.subarray(0, 0);
  new Uint8Array(inside.HEAP)[mapping] = 0;
  let samples = none;

  return {
    open() {
      const stream = inside.opus_frame_decoder_create(MIX_RATE, 1, 1, 0, mapping, 0, 0);
      if (!stream) throw new Error("libopus has no memory for another stream.");
      let open = true;
      return {
        decode(packet) {
          if (!open || packet.length > MAX_PACKET_BYTES) return none;
          packetBytes.set(packet);
          const count = inside.opus_frame_decode_float_deinterleaved(stream, input, packet.length, output);
          if (count <= 0) return none;
          // Nearly all packets are as long as the one before.
          if (samples.length !== count) samples = room.subarray(0, count);
          return samples;
        },
        [Symbol.dispose]() {
          if (!open) return;
          open = false;
          inside.opus_frame_decoder_destroy(stream);
          inside.free(stream);
        },
      };
    },
  };
}

const FUNCTIONS = [
  "malloc",
  "free",
  "opus_frame_decoder_create",
  "opus_frame_decoder_destroy",
  "opus_frame_decode_float_deinterleaved",
] as const satisfies readonly (keyof Inside)[];

/** The package's version is exact; should another one look otherwise inside, this says so at the start. */
function insideOf(decoder: object): Inside {
  const common = "_common" in decoder ? decoder._common : undefined;
  const wasm = typeof common === "object" && common && "wasm" in common ? common.wasm : undefined;
  const found = wasm as (Inside & Record<string, unknown>) | undefined;
  if (!(found?.HEAP instanceof ArrayBuffer) || FUNCTIONS.some((name) => typeof found[name] !== "function")) {
    throw new Error("This version of opus-decoder is another one inside.");
  }
  return found;
}
