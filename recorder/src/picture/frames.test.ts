import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asPackets, h264Payloads, pictureFrames, sendPicture, vp8Payloads } from "../../test/picture-source.ts";
import { decodable, framesOf } from "./frames.ts";
import { h264 } from "./h264.ts";
import type { PicturePacket } from "./picture.ts";
import { parseSps } from "./sps.ts";
import { vp8 } from "./vp8.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
/** A key frame's first ten bytes say 320 × 180. */
const KEY = "d0 02 00 9d 01 2a 40 01 b4 00";

/** Of 320 × 240, by x264. */
const SPS = "67 42 c0 14 dc 14 1f b0 11 00 00 03 00 01 00 00 03 00 32 8f 14 2b 80";
const PPS = "68 ce 32 c8";

describe("VP8 in packets", () => {
  it.each([
    ["the shortest descriptor", "10", true],
    ["one byte of PictureID", "90 80 05", true],
    ["two bytes of PictureID", "90 80 85 01", true],
    ["PictureID, TL0PICIDX, TID and KEYIDX", "90 f0 85 01 07 20", true],
    ["a later partition", "11", false],
    ["the middle of the first partition", "00", false],
  ])("%s", (_name, head, begins) => {
    const payload = hex(`${head} ${KEY}`);
    expect(vp8.begins(payload)).toBe(begins);
    if (begins) {
      const joined = vp8.join([payload]);
      expect(joined?.data).toEqual(hex(KEY));
      expect(joined?.format).toEqual({ codec: "vp8", name: "vp8", width: 320, height: 180 });
    } else expect(vp8.join([payload])).toBeUndefined();
  });

  it("refuses two beginnings in one frame, a frame without one, and a key frame without a start code", () => {
    const [start, rest] = [hex(`10 ${KEY}`), hex("00 01 02")];
    expect(vp8.join([start, start])).toBeUndefined();
    expect(vp8.join([rest, rest])).toBeUndefined();
    expect(vp8.join([hex("10 d0 02 00 00 00 00 40 01 b4 00")])).toBeUndefined();
    expect(vp8.join([start, rest])?.data).toEqual(hex(`${KEY} 01 02`));
  });
});

describe("H264 in packets", () => {
  it("reads single units, several in one packet, and one over several", () => {
    const sps = hex(SPS);
    const pps = hex(PPS);
    const several = Buffer.concat([hex("18"), hex("00 17"), sps, hex("00 04"), pps]);
    const joined = h264.join([several, hex("7c 85 aa"), hex("7c 05 bb"), hex("7c 45 cc")]);
    expect(joined?.data).toEqual(hex("00 00 00 04 65 aa bb cc"));
    expect(joined?.format?.name).toBe("avc1.42c014");
    expect(Buffer.from(joined?.format?.description ?? []).toString("hex")).toContain(pps.toString("hex"));
    expect(h264.join([hex("61 01")])).toEqual({ data: hex("00 00 00 02 61 01"), format: undefined });
  });
  it.each([
    ["a piece without its beginning", ["7c 05 bb", "7c 45 cc"]],
    ["a piece without its end", ["7c 85 aa", "7c 05 bb"]],
    ["another unit between the pieces", ["7c 85 aa", "61 01", "7c 45 cc"]],
    ["a length beyond the packet", ["18 00 09 61"]],
    ["a type that the negotiated mode does not have", ["19 00 01 61"]],
    ["parameters alone", [SPS]],
  ])("refuses %s", (_name, payloads) => {
    expect(h264.join(payloads.map(hex))).toBeUndefined();
  });
  it("takes no key frame for one that leans on parameters sent earlier", () => {
    expect(h264.join([hex("65 88 84")])?.format).toBeUndefined();
  });
  it("reads the size out of the parameters, cropped where it is no multiple of 16", () => {
    const [units = []] = pictureFrames({ codec: "h264", width: 200, frames: 1, keyEvery: 1 });
    const sps = units.find((nal) => (nal[0]! & 31) === 7) ?? hex("67");
    expect(parseSps(sps)).toEqual({ width: 200, height: 150 });
  });
  it("never throws, whatever the bytes are", () => {
    const parsers = [h264.begins, vp8.begins, parseSps];
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (payloads) => {
        h264.join(payloads);
        vp8.join(payloads);
        for (const payload of payloads) parsers.map((parse) => parse(payload));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe.each([
  ["vp8", vp8],
  ["h264", h264],
] as const)("%s frames", (name, codec) => {
  /** Small stand-ins of frames, one key frame in seven, sent in pieces of five bytes. */
  const KEYS = 7;
  const sent = Array.from({ length: 40 }, (_, n) => frameOf(name, n % KEYS === 0, n));
  const packets: PicturePacket[] = asPackets(
    sent.flatMap((units, n) =>
      (name === "vp8" ? vp8Payloads(units[0]!, n, 5) : h264Payloads(units, 70)).map((payload) => ({
        payload,
        ticks: n * 3_600,
      })),
    ),
  );
  const whole = framesOf(packets, codec);

  it("come out as they went in, but for the last, which nothing follows", () => {
    expect(whole.map(({ ticks }) => ticks / 3_600)).toEqual(Array.from({ length: sent.length - 1 }, (_, n) => n));
    expect(whole.filter(({ format }) => format).map(({ ticks }) => ticks / 3_600)).toEqual([0, 7, 14, 21, 28, 35]);
    expect(whole.some(({ lostBefore }) => lostBefore)).toBe(false);
  });

  it("are the same in whatever order packets came, and when some came twice", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(packets, { minLength: packets.length }), fc.nat(20), (shuffled, twice) => {
        const frames = framesOf([...shuffled, ...shuffled.slice(0, twice)], codec);
        expect(frames.map(({ data }) => data)).toEqual(whole.map(({ data }) => data));
      }),
      { numRuns: 30 },
    );
  });

  it("that lack a packet are left out, and what leans on them, up to the next key frame", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(packets, { minLength: packets.length - 12 }), (held) => {
        const missing = packets.filter((packet) => !held.includes(packet)).map(({ ticks }) => ticks / 3_600);
        const good = decodable(framesOf(held, codec), false).frames;
        const numbers = good.map(({ ticks }) => ticks / 3_600);
        for (const [index, frame] of good.entries()) {
          const n = numbers[index]!;
          const before = numbers[index - 1];
          expect(missing).not.toContain(n);
          expect(frame.data).toEqual(whole[n]?.data);
          // A frame leans on the one before it, or on nothing.
          expect(n % KEYS === 0 || before === n - 1).toBe(true);
        }
        // Nothing is given up without need: a key frame that is whole, and known to begin and to end, is there.
        for (const [n, key] of whole.map(({ format }) => format !== undefined).entries()) {
          if (key && ![n - 1, n, n + 1].some((near) => missing.includes(near))) expect(numbers).toContain(n);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function frameOf(codec: "vp8" | "h264", key: boolean, n: number): Uint8Array[] {
  const body = Buffer.alloc(12 + (n % 5) * 3, n);
  if (codec === "vp8") return [Buffer.concat([key ? hex(KEY) : hex("31"), body])];
  const slice = Buffer.concat([Buffer.from([key ? 0x65 : 0x61]), Buffer.alloc(150 + n * 5, n)]);
  return key ? [hex(SPS), hex(PPS), slice] : [slice];
}

it("encoders' streams come out whole", () => {
  for (const [name, codec] of [
    ["vp8", vp8],
    ["h264", h264],
  ] as const) {
    const frames = pictureFrames({ codec: name, frames: 30, keyEvery: 10 });
    const out = framesOf(asPackets(sendPicture(name, frames)), codec);
    expect(out).toHaveLength(29);
    expect(out.flatMap(({ format }, n) => (format ? [[n, format.width, format.height]] : []))).toEqual([
      [0, 160, 120],
      [10, 160, 120],
      [20, 160, 120],
    ]);
  }
});
