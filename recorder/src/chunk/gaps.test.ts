import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlacedPacket } from "../timeline/track-timeline.ts";
import { chunkGaps, subtract } from "./gaps.ts";

const packetsAt = (...starts: number[]): PlacedPacket[] =>
  starts.map((startSamples, index) => ({
    index,
    arrivalUs: 0,
    startSamples,
    samples: 960,
    payload: new Uint8Array(1),
  }));
const steady = (from: number, to: number): PlacedPacket[] =>
  packetsAt(...Array.from({ length: Math.ceil((to - from) / 960) }, (_, n) => from + n * 960));
const chunk = { from: 96_000, to: 240_000 };
const whole = {
  kept: [chunk],
  marks: { muted: [], absent: [] },
  next: { startSamples: 240_000, cause: "loss" as const },
};
const gapsOf = (packets: readonly PlacedPacket[], held: Partial<typeof whole> = {}) =>
  chunkGaps(chunk, { ...whole, ...held, packets }).map((gap) => [gap.cause, gap.startSamples, gap.endSamples]);

describe("a chunk's gaps", () => {
  it("are none where packets follow one another in any phase, however the chunk is cut", () => {
    expect(gapsOf(steady(96_000 - 4_000, 240_000))).toEqual([]);
    expect(gapsOf(steady(96_000 + 900, 239_000), { next: undefined } as never)).toEqual([]);
  });

  it("are lost packets, also the first after a cut", () => {
    const packets = steady(96_000 - 3_840, 240_000).filter(({ startSamples }) => startSamples !== 96_000);
    expect(gapsOf(packets)).toEqual([["loss", 96_000, 96_960]]);
    expect(gapsOf(packets.filter(({ startSamples }) => startSamples < 200_000)).at(-1)).toEqual([
      "loss",
      200_640,
      240_000,
    ]);
  });

  it("are named by the marks that explain them; who is muted or has left is missing nothing", () => {
    const packets = steady(96_000, 240_000).filter(({ startSamples: at }) => at < 120_000 || at >= 144_000);
    const muted = [{ from: 119_000, to: 145_000 }];
    expect(gapsOf(packets, { marks: { muted, absent: [] } } as never)).toEqual([]);
    const away = (cause: string) =>
      ({ marks: { muted: [], absent: [{ from: 125_000, to: 150_000, cause }] } }) as never;
    expect(gapsOf(packets, away("disconnect"))).toEqual([["disconnect", 120_000, 144_000]]);
    expect(gapsOf(packets, away("sfu"))).toEqual([["disconnect", 120_000, 144_000]]);
    expect(gapsOf(packets, away("left"))).toEqual([["loss", 120_000, 125_000]]);
  });

  it("hold a pause apart", () => {
    const kept = [
      { from: 96_000, to: 120_000 },
      { from: 200_000, to: 240_000 },
    ];
    expect(gapsOf(steady(96_000, 240_000), { kept } as never)).toEqual([["paused", 120_000, 200_000]]);
  });

  it("invariant: say at least what is missing, in few enough words", () => {
    const lost = fc.uniqueArray(fc.nat(1_499), { minLength: 300, maxLength: 1_400 });
    fc.assert(
      fc.property(lost, (missing) => {
        const gone = new Set(missing);
        const range = { from: 0, to: 1_500 * 960 };
        const packets = steady(0, range.to).filter((_, n) => !gone.has(n));
        const gaps = chunkGaps(range, { packets, kept: [range], marks: whole.marks, next: whole.next });
        expect(gaps.length).toBeLessThanOrEqual(200);
        const spans = gaps.map((gap) => ({ from: gap.startSamples, to: gap.endSamples }));
        const unsaid = [...gone].filter((n) => subtract([{ from: n * 960, to: n * 960 + 960 }], spans).length > 0);
        // At the very beginning a missing packet or two are the phase.
        expect(unsaid.filter((n) => n > 2)).toEqual([]);
        for (let n = 1; n < gaps.length; n++) {
          expect(gaps[n]!.startSamples).toBeGreaterThanOrEqual(gaps[n - 1]!.endSamples);
        }
      }),
      { numRuns: 30 },
    );
  });
});
