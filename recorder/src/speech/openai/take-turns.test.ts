import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadWords } from "./spread-words.ts";
import { createTurnTaker, type TurnNews } from "./take-turns.ts";

const second = (loud: boolean, length = 1): Int16Array =>
  Int16Array.from({ length: Math.round(length * 16_000) }, (_, n) => (loud ? 8_000 * Math.sin(n / 5) : 0));
const sound = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));
const turnsOf = (news: readonly TurnNews[]) => news.flatMap((each) => (each.type === "turn" ? [each.turn] : []));

describe("a turn", () => {
  it("is what was said between two pauses, with a little before it, and its voice is where it was", () => {
    const taker = createTurnTaker();
    const news = taker.push(sound(second(false, 2), second(true), second(false, 0.2), second(true), second(false, 2)));
    const [turn, ...more] = turnsOf(news);
    expect(more).toEqual([]);
    expect(turn!.fromS).toBeCloseTo(1.76, 1);
    expect(turn!.toS).toBeCloseTo(4.8, 1);
    expect(turn!.voiced.map(({ fromS, toS }) => [fromS.toFixed(1), toS.toFixed(1)])).toEqual([
      ["2.0", "3.0"],
      ["3.2", "4.2"],
    ]);
    expect(news.at(-1)).toMatchObject({ type: "quiet" });
  });

  it("ends by itself after ten seconds, and another begins", () => {
    const taker = createTurnTaker();
    const turns = turnsOf(taker.push(sound(second(false), second(true, 15), second(false))));
    expect(turns).toHaveLength(2);
    expect(turns[0]!.toS - turns[0]!.fromS).toBeLessThanOrEqual(10.001);
    expect(turns[1]!.fromS).toBeGreaterThanOrEqual(turns[0]!.toS);
  });

  it("is the same however its sound was cut", () => {
    const whole = sound(second(false), second(true), second(false), second(true, 0.5), second(false));
    const wanted = turnsOf(createTurnTaker().push(whole));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1 }), (cuts) => {
        const taker = createTurnTaker();
        const news: TurnNews[] = [];
        let at = 0;
        for (const cut of [...cuts, whole.length]) {
          news.push(...taker.push(whole.subarray(at, at + cut)));
          at += cut;
        }
        expect(turnsOf(news)).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });
});

describe("words without times", () => {
  const spans = fc
    .array(
      fc.record({
        gap: fc.double({ min: 0.05, max: 1, noNaN: true }),
        length: fc.double({ min: 0.02, max: 2, noNaN: true }),
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((parts) => {
      let at = 0;
      return parts.map(({ gap, length }) => {
        const fromS = at + gap;
        at = fromS + length;
        return { fromS, toS: at };
      });
    });

  it("lie in their turn's voice, in order, and begin and end in no pause", () => {
    fc.assert(
      fc.property(spans, fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 9 })), (voiced, texts) => {
        const words = spreadWords(texts.join(" "), { fromS: 0, toS: voiced.at(-1)!.toS, voiced });
        let last = 0;
        for (const { startS, endS } of words) {
          expect(startS).toBeGreaterThanOrEqual(last - 1e-6);
          expect(endS).toBeGreaterThanOrEqual(startS);
          for (const at of [startS, endS])
            expect(voiced.some(({ fromS, toS }) => at >= fromS - 1e-6 && at <= toS + 1e-6)).toBe(true);
          last = endS;
        }
      }),
    );
  });

  it("are as sure as their weakest token, and neither sure nor doubted where nothing is told", () => {
    const turn = { fromS: 0, toS: 1, voiced: [] };
    const likely = [
      { token: "Kuber", logprob: Math.log(0.9) },
      { token: "netes", logprob: Math.log(0.4) },
      { token: " runs", logprob: Math.log(0.7) },
    ];
    const sure = (...args: Parameters<typeof spreadWords>) =>
      spreadWords(...args).map(({ confidence }) => confidence.toFixed(1));
    expect(sure("Kubernetes runs", turn, likely)).toEqual(["0.4", "0.7"]);
    expect(sure("Kubernetes runs", turn)).toEqual(["0.5", "0.5"]);
  });
});
