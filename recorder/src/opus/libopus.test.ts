import { OpusDecoder } from "opus-decoder";
import { expect, it } from "vitest";
import { opusPackets } from "../../test/opus-source.ts";
import { openLibopus, type OpusStream } from "./libopus.ts";

const opus = await openLibopus();
const tone = opusPackets("sine=frequency=440:sample_rate=48000", 2);
const noise = opusPackets("anoisesrc=r=48000:seed=3", 2);
const decoded = (stream: OpusStream, packets: readonly Uint8Array[]): Float32Array[] =>
  packets.map((packet) => stream.decode(packet).slice());

it("gives what opus-decoder gives", async () => {
  const peer = new OpusDecoder({ channels: 1, sampleRate: 16_000 });
  await peer.ready;
  using stream = opus.open();
  expect(decoded(stream, tone)).toEqual(tone.map((packet) => peer.decodeFrame(packet).channelData[0]));
});

it("gives the same for the same packets, whatever was decoded before or beside them", () => {
  const alone = decoded(opus.open(), tone);
  for (let n = 0; n < 50; n++) {
    using other = opus.open();
    decoded(other, noise.slice(0, n));
  }
  using stream = opus.open();
  using beside = opus.open();
  const again = tone.map((packet, n) => {
    beside.decode(noise[n]!);
    return stream.decode(packet).slice();
  });
  expect(again).toEqual(alone);
});

it("gives nothing for what is no packet, and goes on", () => {
  using stream = opus.open();
  expect(stream.decode(tone[0]!)).toHaveLength(320);
  for (const bad of [Buffer.from([0x7b, 0xff, 3]), Buffer.alloc(5_000, 1)]) expect(stream.decode(bad)).toHaveLength(0);
  expect(stream.decode(new Uint8Array(0))).toHaveLength(1_920);
  expect(stream.decode(tone[1]!)).toHaveLength(320);
});

it("gives back the memory of streams that ended", () => {
  for (let n = 0; n < 10_000; n++) {
    using stream = opus.open();
    if (n % 1_000 === 0) expect(stream.decode(tone[0]!)).toHaveLength(320);
  }
});
