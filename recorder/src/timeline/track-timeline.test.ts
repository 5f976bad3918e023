import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import { createTrackTimeline, type PlacedPacket } from "./track-timeline.ts";

const START_US = 5_000_000_000;
const clock = { bootId: "boot", startUs: START_US, startUtcMs: 0 };
const MS = SAMPLE_RATE / 1000;

/** 20 ms, CELT, mono; the payload carries its number, so that places can be told apart. */
const payloadOf = (n: number): Uint8Array => {
  const payload = new Uint8Array(5);
  payload[0] = 0xf8;
  new DataView(payload.buffer).setUint32(1, n);
  return payload;
};
const numberOf = (placed: PlacedPacket): number => new DataView(Uint8Array.from(placed.payload).buffer).getUint32(1);

type Sent = {
  readonly n: number;
  /** When its sound began, ms. */
  readonly atMs: number;
  readonly sequence: number;
  readonly rtpTime: number;
  readonly arrivalMs: number;
};

/** A sender's packets: its clock runs `ppm` fast, `delayMs` says how late each one comes. */
function speak(options: {
  readonly seconds: number;
  readonly ppm?: number;
  readonly baseSequence?: number;
  readonly baseTime?: number;
  readonly delayMs?: (n: number) => number;
  /** The sender's capture stands still: no packets, and its RTP time does not go on. */
  readonly stall?: { readonly atMs: number; readonly forMs: number };
}): Sent[] {
  const { ppm = 0, baseSequence = 0, baseTime = 0, delayMs = () => 0, stall } = options;
  const packets: Sent[] = [];
  for (let n = 0; ; n++) {
    const spoken = (n * 20) / (1 + ppm / 1e6);
    const atMs = stall && spoken >= stall.atMs ? spoken + stall.forMs : spoken;
    if (atMs >= options.seconds * 1000) return packets;
    packets.push({
      n,
      atMs,
      sequence: (baseSequence + n) & 0xffff,
      rtpTime: (baseTime + n * 960) >>> 0,
      arrivalMs: atMs + 40 + delayMs(n),
    });
  }
}

const byArrival = (packets: readonly Sent[]): Sent[] => packets.toSorted((a, b) => a.arrivalMs - b.arrivalMs);

type Played = { readonly placed: PlacedPacket[]; readonly estimates: PlacedPacket[]; readonly late: number };

/** Runs a log through a timeline, closing every 30 s as ship does. */
function play(packets: readonly Sent[], options: { readonly newSourceAt?: ReadonlySet<number> } = {}): Played {
  const timeline = createTrackTimeline(clock);
  const placed: PlacedPacket[] = [];
  const estimates: PlacedPacket[] = [];
  let end = 30_000;
  for (const packet of byArrival(packets)) {
    while (packet.arrivalMs > end + 2_000) {
      placed.push(...timeline.settleBefore(end * MS, START_US + (end + 2_000) * 1000));
      end += 30_000;
    }
    if (options.newSourceAt?.has(packet.n)) timeline.newSource();
    estimates.push(
      ...timeline.push({
        arrivalUs: START_US + Math.round(packet.arrivalMs * 1000),
        sequence: packet.sequence,
        rtpTime: packet.rtpTime,
        payload: payloadOf(packet.n),
      }),
    );
  }
  placed.push(...timeline.settleBefore(Number.POSITIVE_INFINITY, START_US + (end + 60_000) * 1000));
  return { placed, estimates, late: timeline.late };
}

/** Everything the timeline promises of final places, whatever came in. */
function expectGood(played: Played, sent: readonly Sent[], toleranceMs = 100): void {
  const seen = new Set<number>();
  let end = Number.NEGATIVE_INFINITY;
  let overlap = 0;
  let worst = 0;
  for (const one of played.placed) {
    const n = numberOf(one);
    seen.add(n);
    overlap = Math.max(overlap, end - one.startSamples);
    end = one.startSamples + one.samples;
    worst = Math.max(worst, Math.abs(one.startSamples / MS - (sent[n]!.atMs + 40)));
  }
  expect(seen.size).toBe(played.placed.length);
  expect(overlap).toBeLessThanOrEqual(2);
  expect(worst).toBeLessThanOrEqual(toleranceMs);
}

const stalls = (played: Played) =>
  played.placed.flatMap(({ gapBefore }) => (gapBefore?.cause === "capture_stall" ? [gapBefore] : []));

describe("a track's timeline", () => {
  it("places a steady sender's packets side by side, where they arrived", () => {
    const sent = speak({ seconds: 70 });
    const { placed, estimates } = play(sent);
    expect(placed.map((one) => one.startSamples)).toEqual(sent.map(({ n }) => 40 * MS + n * 960));
    expect(estimates.map((one) => one.startSamples)).toEqual(placed.map((one) => one.startSamples));
    expect(placed.some((one) => one.gapBefore)).toBe(false);
  });

  it("inserts 18 s of silence where the sender's capture stood still and its RTP time did not", () => {
    const sent = speak({ seconds: 600, stall: { atMs: 300_000, forMs: 18_000 }, delayMs: (n) => (n * 7919) % 30 });
    const played = play(sent);
    expectGood(played, sent);
    expect(played.placed).toHaveLength(sent.length);
    const [gap, ...others] = stalls(played);
    expect(others).toEqual([]);
    expect(gap!.startSamples / MS).toBeCloseTo(300_040, -2);
    expect((gap!.endSamples - gap!.startSamples) / MS).toBeCloseTo(18_000, -2);
    expect(played.placed.at(-1)!.startSamples / MS).toBeCloseTo(600_020, -2);
    // Who cannot wait believes it after 0.3 s.
    const wrong = played.estimates.filter(
      (one) => Math.abs(one.startSamples / MS - sent[numberOf(one)]!.atMs - 40) > 100,
    );
    expect(wrong.length).toBeLessThan(20);
  });

  it("moves nothing for a burst after our own pause", () => {
    const sent = speak({ seconds: 60, delayMs: (n) => (n >= 1000 && n < 1500 ? 10_000 - (n - 1000) * 20 : 0) });
    const played = play(sent);
    expectGood(played, sent, 1);
    expect(stalls(played)).toEqual([]);
  });

  it("moves nothing for late packets, and leaves out what comes twice", () => {
    const sent = speak({ seconds: 60, delayMs: (n) => (n % 100 === 7 ? 1_900 : 0) });
    const twice = [
      ...sent,
      ...sent.filter(({ n }) => n % 3 === 0).map((one) => ({ ...one, arrivalMs: one.arrivalMs + 30 })),
    ];
    const played = play(twice);
    expectGood(played, sent, 1);
    expect(played.placed).toHaveLength(sent.length);
  });

  it("begins anew where RTP time jumps after sleep, backwards, forwards and with new sequence numbers", () => {
    const parts = [0, -900_000_000, 900_000_000].map((base, part) =>
      speak({ seconds: 20, baseTime: 1_000_000_000 + base, baseSequence: part * 30_011 }).map((one) => ({
        ...one,
        n: one.n + part * 1000,
        atMs: one.atMs + part * 33_000,
        arrivalMs: one.arrivalMs + part * 33_000,
      })),
    );
    const sent = parts.flat();
    const played = play(sent);
    expectGood(played, sent, 1);
    expect(played.placed).toHaveLength(3000);
    expect(played.placed.filter((one) => one.gapBefore)).toHaveLength(2);
  });

  it("goes on at its place when a cut network brings what waited, seconds old, between what is new", () => {
    // As seen from Chromium: nothing for 15 s, then some packets of 3 s ago with each new one, then another producer.
    const sent = speak({ seconds: 60 });
    const arrived = sent.flatMap((one) => {
      if (one.atMs < 13_900 || one.atMs >= 29_000) return [one];
      if (one.atMs >= 26_000 && one.atMs < 26_500) return [{ ...one, arrivalMs: 29_041 + (one.atMs - 26_000) / 3 }];
      return [];
    });
    const renewed = arrived.map((one) =>
      one.n < 1_500 ? one : { ...one, sequence: one.sequence + 9_000, rtpTime: 7_000_000 + one.n * 960 },
    );
    const played = play(renewed, { newSourceAt: new Set([1_500]) });
    expectGood(played, sent, 1);
    expect(played.placed).toHaveLength(arrived.length);
    expect(played.placed.flatMap(({ gapBefore }) => (gapBefore ? [gapBefore.cause] : []))).toEqual(["loss", "loss"]);
  });

  it("is not led astray by one foreign packet", () => {
    const sent = speak({ seconds: 10 });
    const foreign = { ...sent[200]!, n: 9999, rtpTime: 77, sequence: 40_000, arrivalMs: sent[200]!.arrivalMs + 1 };
    const played = play([...sent, foreign]);
    expectGood(played, sent, 1);
    expect(played.placed).toHaveLength(500);
  });

  it("keeps its place over 50 replaced producers with any time base", () => {
    const sent = speak({ seconds: 200 });
    const every = new Set(Array.from({ length: 50 }, (_, part) => part * 200));
    const random = fc.sample(fc.nat(2 ** 32 - 1), { numRuns: 50, seed: 3 });
    const rebased = sent.map((one) => ({
      ...one,
      rtpTime: (one.rtpTime + random[Math.floor(one.n / 200)]!) >>> 0,
      sequence: (one.sequence + random[Math.floor(one.n / 200)]! * 7) & 0xffff,
    }));
    const played = play(rebased, { newSourceAt: every });
    expectGood(played, sent, 100);
    expect(played.placed).toHaveLength(sent.length);
  });

  it("takes no sender report's word for more than 20 ms", () => {
    const timeline = createTrackTimeline(clock);
    const sent = speak({ seconds: 60 });
    const lies = fc.sample(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), { numRuns: sent.length, seed: 5 });
    const small = fc.sample(fc.integer({ min: -3_000, max: 3_000 }), { numRuns: sent.length, seed: 6 });
    for (const one of sent) {
      const arrivalUs = START_US + one.arrivalMs * 1000;
      timeline.push({ arrivalUs, sequence: one.sequence, rtpTime: one.rtpTime, payload: payloadOf(one.n) });
      const lie = one.n % 2 === 0 ? lies[one.n]! : small[one.n]!;
      timeline.pushReport({ arrivalUs, ntpUs: lie * 3_600_000, rtpTime: (one.rtpTime + lie) >>> 0, ssrc: one.n % 3 });
    }
    const placed = timeline.settleBefore(Number.POSITIVE_INFINITY, START_US + 70_000_000);
    let last = placed[0]!.startSamples / MS - 40;
    for (const one of placed) {
      const error = one.startSamples / MS - sent[numberOf(one)]!.atMs - 40;
      expect(Math.abs(error)).toBeLessThanOrEqual(21);
      // Never faster than 20 ms in a second.
      expect(Math.abs(error - last)).toBeLessThanOrEqual(0.4);
      last = error;
    }
  });

  it("follows a clock that is 300 ppm off for two hours", () => {
    for (const [ppm, seconds] of [
      [-300, 1_800],
      [300, 7_200],
    ] as const) {
      const sent = speak({ seconds, ppm, delayMs: (n) => (n * 7919) % 60 });
      const played = play(sent);
      expectGood(played, sent, 100);
      const last = played.placed.at(-1)!;
      expect(Math.abs(last.startSamples / MS - sent.at(-1)!.atMs - 40)).toBeLessThan(15);
      for (const one of played.estimates.slice(-100)) {
        expect(Math.abs(one.startSamples / MS - sent[numberOf(one)]!.atMs - 40)).toBeLessThan(30);
      }
    }
  }, 120_000);

  it("invariant: whatever is lost, late, doubled, stalled or drifting, places grow, stay within 100 ms, and nothing is used twice", () => {
    fc.assert(
      fc.property(
        fc.record({
          ppm: fc.integer({ min: -300, max: 300 }),
          baseSequence: fc.nat(65_535),
          baseTime: fc.nat(2 ** 32 - 1),
          stallAtMs: fc.integer({ min: 5_000, max: 40_000 }),
          stallForMs: fc.constantFrom(0, 300, 1_000, 18_000),
          jitterMs: fc.integer({ min: 0, max: 80 }),
          lossPercent: fc.integer({ min: 0, max: 30 }),
          latePercent: fc.integer({ min: 0, max: 10 }),
          seed: fc.nat(2 ** 31),
        }),
        (at) => {
          let state = at.seed || 1;
          const random = () => {
            state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
            return state / 0x80000000;
          };
          const sent = speak({
            seconds: 70,
            ppm: at.ppm,
            baseSequence: at.baseSequence,
            baseTime: at.baseTime,
            delayMs: (n) => {
              // A packet that is late out of the very last before a stall cannot be told from one sent after it.
              const last = n * 20 < at.stallAtMs + 60 && n * 20 > at.stallAtMs - 300;
              return random() * at.jitterMs + (!last && random() * 100 < at.latePercent ? random() * 1_900 : 0);
            },
            ...(at.stallForMs > 0 && { stall: { atMs: at.stallAtMs, forMs: at.stallForMs } }),
          });
          const arrived = sent.filter(() => random() * 100 >= at.lossPercent);
          const doubled = arrived
            .filter(() => random() < 0.05)
            .map((one) => ({ ...one, arrivalMs: one.arrivalMs + 200 }));
          const played = play([...arrived, ...doubled]);
          expectGood(played, sent);
          expect(played.placed.length + played.late).toBeGreaterThanOrEqual(arrived.length - 5);
        },
      ),
      { numRuns: 60 },
    );
  });
});
