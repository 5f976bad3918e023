import { describe, expect, it, vi } from "vitest";
import { asPackets, decodePicture, FRAMES_PER_SECOND, pictureFrames, sendPicture } from "../../test/picture-source.ts";
import { framesOf } from "./frames.ts";
import { h264 } from "./h264.ts";
import { muxPicture } from "./mux.ts";
import { vp8 } from "./vp8.ts";

describe.each([
  ["vp8", vp8],
  ["h264", h264],
] as const)("a file of %s frames", (name, codec) => {
  const frames = framesOf(
    asPackets(sendPicture(name, pictureFrames({ codec: name, frames: 26, keyEvery: 25 }))),
    codec,
  );
  const step = 48_000 / FRAMES_PER_SECOND;
  // Two seconds of nothing after the tenth frame.
  const placed = frames.map(({ data, format }, n) => {
    return { data, key: format !== undefined, startSamples: n * step + (n > 9 ? 96_000 : 0) };
  });
  const format = frames[0]?.format ?? { codec: "vp8", name: "vp8", width: 0, height: 0 };
  const file = () => muxPicture(format, placed, 25 * step + 96_000);

  it("plays every frame at its time, holes and all", async () => {
    const shown = decodePicture(await file());
    expect(shown).toHaveLength(25);
    for (const [n, { ms }] of shown.entries()) expect(ms).toBeCloseTo(n * 40 + (n > 9 ? 2_000 : 0), -1);
    expect(new Set(shown.map(({ hash }) => hash)).size).toBe(25);
  });

  it("is the same whenever it is made", async () => {
    vi.useFakeTimers({ now: 0, toFake: ["Date"] });
    const first = await file();
    vi.setSystemTime(1e12);
    const second = await file();
    vi.useRealTimers();
    expect(Buffer.compare(first, second)).toBe(0);
  });
});
