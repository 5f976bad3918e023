import { randomUUID } from "node:crypto";
import { InterviewId, SeatId, TenantId } from "@verbatim/shared/ids";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerWasGiven, type Speaks } from "./answer-end.ts";
import { pauseLeftMs } from "./pause-left.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const at = { tenantId: TenantId.parse(randomUUID()), interviewId: InterviewId.parse(randomUUID()) };
const [host, candidate] = [SeatId.parse(randomUUID()), SeatId.parse(randomUUID())];

describe("how much longer somebody must say nothing", () => {
  it.each([
    ["unfinished words: as long as one thinks between two sentences", undefined, 1_200],
    ["words told at once", 0, 1_200],
    ["words told 400 ms after they were said", 400, 800],
    ["words told when the pause is over: until unfinished ones would have come", 1_200, 600],
    ["words of a slow service", 2_900, 600],
    ["words that come late, with others behind them", 30_000, 1_200],
    ["words said after they were told, by a clock that is off", -500, 1_200],
  ])("%s", (_, quietMs, leftMs) => expect(pauseLeftMs(quietMs)).toBe(leftMs));
});

function listening() {
  const begunMs = Date.now();
  const looks: { readonly atMs: number; readonly candidateSpeaks: boolean }[] = [];
  let work = (): Promise<void> => Promise.resolve();
  const ends = answerWasGiven((_, speaks: Speaks) => {
    looks.push({ atMs: Date.now() - begunMs, candidateSpeaks: speaks(candidate) });
    return work();
  });
  return {
    looks,
    says: (seatId: SeatId, quietMs?: number) => ends.heard({ ...at, seatId, quietMs }),
    takes: (next: typeof work) => (work = next),
    [Symbol.dispose]: () => ends[Symbol.dispose](),
  };
}

describe("an answer", () => {
  it("has ended 1.2 s after its last word was said, however soon the next question follows", async () => {
    using heard = listening();
    heard.says(candidate);
    await vi.advanceTimersByTimeAsync(500);
    heard.says(candidate, 450);
    // The interviewer talks on, without a pause.
    for (let ms = 0; ms < 2_000; ms += 200) {
      await vi.advanceTimersByTimeAsync(200);
      heard.says(host);
    }
    expect(heard.looks).toEqual([{ atMs: 1_250, candidateSpeaks: false }]);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(heard.looks).toHaveLength(2);
  });

  it("that goes on is known to go on when another's word has ended", async () => {
    using heard = listening();
    heard.says(host, 400);
    await vi.advanceTimersByTimeAsync(700);
    heard.says(candidate);
    await vi.advanceTimersByTimeAsync(100);
    expect(heard.looks).toEqual([{ atMs: 800, candidateSpeaks: true }]);
  });

  it("that ends while another is looked at is looked at right behind it", async () => {
    using heard = listening();
    const held = Promise.withResolvers<void>();
    heard.takes(() => held.promise);
    heard.says(host, 600);
    await vi.advanceTimersByTimeAsync(600);
    heard.says(candidate, 600);
    await vi.advanceTimersByTimeAsync(900);
    expect(heard.looks).toHaveLength(1);
    heard.takes(() => Promise.resolve());
    held.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.looks.map(({ atMs }) => atMs)).toEqual([600, 1_500]);
  });

  it("is looked at when its speaker has paused, whatever others say, and who goes on is known to", async () => {
    const words = fc.record({ who: fc.constantFrom(host, candidate), afterMs: fc.nat(1_500) });
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 40 }), async (talk) => {
        using heard = listening();
        const own: number[] = [];
        let nowMs = 0;
        for (const { who, afterMs } of talk) {
          // Never in the same millisecond as another: whose pause is over first would be a matter of chance.
          const saidMs = 2 * Math.ceil((nowMs + afterMs) / 2) + (who === host ? 1 : 0);
          await vi.advanceTimersByTimeAsync(saidMs - nowMs);
          nowMs = saidMs;
          heard.says(who);
          if (who === candidate) own.push(nowMs);
        }
        await vi.advanceTimersByTimeAsync(1_200);
        const ends = own.filter((ms, n) => (own[n + 1] ?? Infinity) - ms >= 1_200).map((ms) => ms + 1_200);
        expect(heard.looks.map(({ atMs }) => atMs)).toEqual(expect.arrayContaining(ends));
        for (const { atMs, candidateSpeaks } of heard.looks) {
          expect(candidateSpeaks).toBe(own.some((ms) => ms < atMs && atMs < ms + 1_200));
        }
      }),
    );
  });
});
