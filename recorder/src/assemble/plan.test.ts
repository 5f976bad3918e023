import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Span } from "@verbatim/shared/recording/control";
import type { ChunkRow, Manifest } from "@verbatim/shared/recording/manifest";
import { measure } from "./measure.ts";
import { heldBy, planAssembly } from "./plan.ts";
import { both, normal, total, without } from "./spans.ts";
import { manifestOf, newIds, newRun, newTrack, seconds } from "./test/interview.ts";

const ids = newIds();
const interviewer = newTrack("interviewer");
const candidate = newTrack("candidate");
const runA = newRun();
const runB = newRun();

type Draft = { run?: typeof runA; track?: ChunkRow["track"]; seq?: number; from: number; to: number; gaps?: Span[] };
function chunk({ run = runA, track = interviewer.trackId, seq = 0, from, to, gaps = [] }: Draft): ChunkRow {
  const mediaType = track === "mix" ? "mix" : "audio";
  return {
    key: `k/${mediaType}/${run}/${track}/${seq}-${from}`,
    mediaType,
    runId: run,
    track,
    seq,
    startSamples: from,
    endSamples: to,
    bytes: 1,
    sha256: "0".repeat(64),
    source: "live",
    gaps: gaps.map((gap) => ({ startSamples: gap.from, endSamples: gap.to, cause: "loss" })),
    previousSha256: null,
  };
}

const END = seconds(60);
const whole = { from: 0, to: END };
const base = (chunks: ChunkRow[]): Manifest =>
  manifestOf({ ids, tracks: [interviewer, candidate], chunks, endSamples: END });
const result = (manifest: Manifest, unusable = new Set<string>()) =>
  measure(manifest, planAssembly(manifest, unusable), unusable);
const of = (manifest: Manifest, seatId: string, unusable = new Set<string>()) => {
  const measured = result(manifest, unusable);
  return {
    ratio: measured.coverage.find((row) => row.seatId === seatId)!.ratio,
    gaps: measured.gaps.filter((gap) => gap.seatId === seatId).map((g) => [g.startSamples, g.endSamples, g.cause]),
  };
};
const full = (track: ChunkRow["track"], run = runA): ChunkRow => chunk({ track, run, ...whole });

/** Any rows of two runs and both speakers: overlapping, holed, out of order. */
const anyChunk = fc
  .record({
    run: fc.constantFrom(runA, runB),
    track: fc.constantFrom(interviewer.trackId, candidate.trackId, "mix" as const),
    seq: fc.nat(5),
    from: fc.nat(END - 2),
    length: fc.integer({ min: 1, max: END / 2 }),
    gap: fc.option(fc.tuple(fc.nat(END), fc.nat(END / 8))),
  })
  .map(({ length, gap, ...rest }) => {
    const to = Math.min(END, rest.from + length);
    const gaps = gap && gap[0] < to && gap[0] > rest.from ? [{ from: gap[0], to: Math.min(to, gap[0] + gap[1]) }] : [];
    return chunk({ ...rest, to, gaps });
  });
const anyChunks = fc.uniqueArray(anyChunk, { selector: (row) => row.key, maxLength: 12 });

describe("invariants of the plan", () => {
  it("gives every sample of every speaker exactly one source that holds it, or silence", () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        const plan = planAssembly(base(chunks));
        expect(plan.speakers).toHaveLength(2);
        for (const { track, pieces } of plan.speakers) {
          let at = 0;
          for (const piece of pieces) {
            expect(piece.from).toBe(at);
            at = piece.to;
            if (piece.source === "silence") continue;
            expect(piece.source.track).toBe(track.trackId);
            expect(without([piece], heldBy(piece.source))).toEqual([]);
          }
          expect(at).toBe(END);
        }
      }),
    );
  });

  it("leaves out nothing that some chunk holds", () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        for (const { track, pieces } of planAssembly(base(chunks)).speakers) {
          const held = normal(chunks.filter((row) => row.track === track.trackId).flatMap(heldBy));
          const used = normal(pieces.filter(({ source }) => source !== "silence"));
          expect(used).toEqual(both(held, [whole]));
        }
      }),
    );
  });

  it("does not depend on the order of rows, nor on rows that come twice", () => {
    fc.assert(
      fc.property(anyChunks, fc.infiniteStream(fc.nat()), (chunks, order) => {
        const shuffled = [...chunks, ...chunks.slice(0, 3)]
          .map((row) => [order.next().value as number, structuredClone(row)] as const)
          .toSorted((a, b) => a[0] - b[0])
          .map(([, row]) => row);
        const { duplicates: _, ...first } = planAssembly(base(chunks));
        const { duplicates, ...second } = planAssembly(base(shuffled));
        expect(second).toEqual(first);
        expect(duplicates).toEqual(
          chunks
            .slice(0, 3)
            .map((row) => row.key)
            .toSorted(),
        );
        expect(result(base(shuffled))).toEqual(result(base(chunks)));
      }),
    );
  });

  it("cut anywhere, a track is put together to the same samples", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: END - 1 }), { maxLength: 40 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), END];
        const rows = edges.slice(1).map((to, seq) => chunk({ seq, from: edges[seq]!, to }));
        const { pieces } = planAssembly(base(rows)).speakers.find((s) => s.track.seatId === interviewer.seatId)!;
        // Each sample comes from the chunk that was cut there, at the very same position.
        for (const { from, to, source } of pieces) {
          expect(source).not.toBe("silence");
          if (source !== "silence") expect([source.startSamples, source.endSamples]).toEqual([from, to]);
        }
        expect(total(pieces)).toBe(END);
        expect(of(base(rows), interviewer.seatId)).toEqual({ ratio: 1, gaps: [] });
      }),
    );
  });

  it("coverage is what is held of the kept time in the seat, and gaps are the rest", () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        const manifest = base(chunks);
        for (const { seatId, ratio } of result(manifest).coverage) {
          const missing = of(manifest, seatId).gaps.reduce((sum, [from, to]) => sum + Number(to) - Number(from), 0);
          expect(ratio).toBeCloseTo((END - missing) / END, 9);
        }
      }),
    );
  });
});

describe("which chunk is taken", () => {
  it("is the one that holds most, not the newest: a stalled recorder's late chunk changes nothing", () => {
    const good = full(interviewer.trackId, runA);
    const late = chunk({ run: runB, seq: 9, ...whole, gaps: [{ from: seconds(5), to: seconds(30) }] });
    const [first] = planAssembly(base([late, good])).speakers.filter((s) => s.track.seatId === interviewer.seatId);
    expect(first!.pieces).toEqual([{ ...whole, source: good }]);
  });

  it("fills one run's holes from another", () => {
    const a = chunk({ ...whole, gaps: [{ from: seconds(5), to: seconds(10) }] });
    const b = chunk({ run: runB, ...whole, gaps: [{ from: seconds(20), to: seconds(40) }] });
    const [first] = planAssembly(base([b, a])).speakers.filter((s) => s.track.seatId === interviewer.seatId);
    expect(
      first!.pieces.map(({ from, to, source }) => [from, to, source === a ? "a" : source === b ? "b" : "-"]),
    ).toEqual([
      [0, seconds(5), "a"],
      [seconds(5), seconds(10), "b"],
      [seconds(10), END, "a"],
    ]);
    expect(of(base([a, b]), interviewer.seatId)).toEqual({ ratio: 1, gaps: [] });
  });

  it("is the mix where a speaker's own chunk is lost", () => {
    const mine = full(interviewer.trackId);
    const mix = full("mix");
    expect(planAssembly(base([mine, mix])).mix).toEqual([]);
    expect(planAssembly(base([mine, mix]), new Set([mine.key])).mix).toEqual([{ ...whole, source: mix }]);
  });
});

describe("gaps", () => {
  const both2 = [full(interviewer.trackId), full(candidate.trackId)];

  it("shorter than 20 ms are packet timing and no gaps", () => {
    const rows = [
      chunk({ from: 0, to: seconds(30) - 959 }),
      chunk({ seq: 1, from: seconds(30), to: END }),
      full(candidate.trackId),
    ];
    expect(result(base(rows))).toMatchObject({ state: "complete", gaps: [] });
  });

  it("say who was away, when no recorder ran, what never reached the store, and what was lost", () => {
    const rows = [
      chunk({ from: 0, to: seconds(10), gaps: [{ from: seconds(2), to: seconds(3) }] }),
      chunk({ seq: 1, from: seconds(40), to: END }),
      chunk({ track: "mix", from: 0, to: seconds(25) }),
    ];
    const manifest: Manifest = {
      ...base(rows),
      away: [{ seatId: interviewer.seatId, fromSamples: seconds(10), toSamples: seconds(20) }],
      runs: [
        { runId: runA, startSamples: 0, endSamples: seconds(30) },
        { runId: runB, startSamples: seconds(33), endSamples: END },
      ],
    };
    expect(of(manifest, interviewer.seatId)).toEqual({
      ratio: 29 / 60,
      gaps: [
        [seconds(2), seconds(3), "loss"],
        [seconds(10), seconds(20), "disconnect"],
        [seconds(20), seconds(25), "loss"],
        [seconds(25), seconds(30), "store"],
        [seconds(30), seconds(33), "recorder"],
        [seconds(33), seconds(40), "store"],
      ],
    });
  });

  it("of a recorder that had come back and not taken the track yet are the recorder's, cut or mix or not", () => {
    const rows = [
      chunk({ from: 0, to: seconds(7) }),
      chunk({ run: runB, from: seconds(10.3), to: END }),
      chunk({ run: runB, track: "mix", from: seconds(10), to: END }),
    ];
    const runs = (second: number): Manifest => ({
      ...base(rows),
      runs: [
        { runId: runA, startSamples: 0, endSamples: seconds(7) },
        { runId: runB, startSamples: second, endSamples: END },
      ],
    });
    expect(of(runs(seconds(9.98)), interviewer.seatId).gaps).toEqual([[seconds(7), seconds(10.3), "recorder"]]);
    // One whose first chunk is missing, and one that took very long.
    for (const [seq, from] of [
      [1, 13],
      [0, 16],
    ] as const) {
      const late = runs(seconds(10)).chunks.map((row) =>
        row.runId === runB ? { ...row, seq, startSamples: seconds(from) } : row,
      );
      expect(of({ ...runs(seconds(10)), chunks: late }, interviewer.seatId).gaps).toEqual([
        [seconds(7), seconds(10), "recorder"],
        [seconds(10), seconds(from), "store"],
      ]);
    }
    // Nobody came back at the start.
    expect(of({ ...runs(seconds(9.98)), chunks: rows.slice(1) }, interviewer.seatId).gaps).toContainEqual([
      0,
      seconds(7),
      "store",
    ]);
  });

  it("name the store for a chunk that is there no more", () => {
    expect(of(base(both2), interviewer.seatId, new Set([both2[0]!.key]))).toEqual({
      ratio: 0,
      gaps: [[0, END, "store"]],
    });
    expect(result(base(both2), new Set([both2[0]!.key])).state).toBe("complete_with_gaps");
  });

  it("of a pause are listed and lower nothing", () => {
    const manifest = {
      ...base(both2),
      kept: [
        { from: 0, to: seconds(20) },
        { from: seconds(30), to: END },
      ],
    };
    expect(result(manifest).state).toBe("complete");
    expect(of(manifest, candidate.seatId)).toEqual({ ratio: 1, gaps: [[seconds(20), seconds(30), "paused"]] });
    const { pieces } = planAssembly(manifest).speakers[0]!;
    expect(pieces.map(({ from, to, source }) => [from, to, source === "silence"])).toEqual([
      [0, seconds(20), false],
      [seconds(20), seconds(30), true],
      [seconds(30), END, false],
    ]);
  });

  it("are not there before a speaker came and after they left: those are absences", () => {
    const manifest: Manifest = {
      ...base([full(interviewer.trackId), chunk({ track: candidate.trackId, from: seconds(10), to: seconds(50) })]),
      presence: [
        { seatId: interviewer.seatId, fromSamples: 0, toSamples: END },
        { seatId: candidate.seatId, fromSamples: seconds(10), toSamples: seconds(50) },
      ],
    };
    expect(result(manifest)).toMatchObject({
      state: "complete",
      gaps: [],
      absences: [
        { seatId: candidate.seatId, startSamples: 0, endSamples: seconds(10) },
        { seatId: candidate.seatId, startSamples: seconds(50), endSamples: END },
      ],
    });
  });

  it("are told in few enough words, however many packets were lost, and coverage counts each of them", () => {
    const end = seconds(6_000);
    const lost = Array.from({ length: 10_000 }, (_, n) => ({
      from: n * seconds(0.6) + 960,
      to: n * seconds(0.6) + 960 * (n % 10 === 0 ? 3 : 2),
    }));
    const chunks = [interviewer, candidate].flatMap(({ trackId }) =>
      Array.from({ length: end / seconds(30) }, (_, seq) => {
        const within = { from: seq * seconds(30), to: (seq + 1) * seconds(30) };
        return chunk({ track: trackId, seq, ...within, gaps: both(lost, [within]) });
      }),
    );
    const manifest = { ...manifestOf({ ids, tracks: [interviewer, candidate], chunks, endSamples: end }) };
    manifest.kept = without([{ from: 0, to: end }], [{ from: seconds(600.5), to: seconds(601) }]);
    const missing = both(lost, manifest.kept);
    for (const { seatId } of [interviewer, candidate]) {
      const { ratio, gaps } = of(manifest, seatId);
      expect(ratio).toBe(1 - total(missing) / total(manifest.kept));
      expect(gaps.length).toBeLessThanOrEqual(250);
      expect(gaps.filter(([, , cause]) => cause === "paused")).toEqual([[seconds(600.5), seconds(601), "paused"]]);
      const listed = gaps.map(([from, to]) => ({ from: Number(from), to: Number(to) }));
      expect(normal(listed)).toEqual(listed);
      expect(without(missing, listed)).toEqual([]);
    }
  });

  it("cover a speaker of whom nothing at all was recorded", () => {
    const silentSeat = newTrack("candidate").seatId;
    const manifest = base(both2);
    manifest.presence.push({ seatId: silentSeat, fromSamples: 0, toSamples: END });
    expect(result(manifest)).toMatchObject({ state: "complete_with_gaps" });
    expect(result(manifest).gaps).toEqual([{ seatId: silentSeat, startSamples: 0, endSamples: END, cause: "loss" }]);
  });
});
