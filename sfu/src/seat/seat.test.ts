import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeviceId } from "@verbatim/shared/ids";
import { emptySeat, nextChangeUs, type Seat, type SeatEffect, type SeatEvent, shownPresence, step } from "./seat.ts";

const laptop = DeviceId.parse("11111111-1111-4111-8111-111111111111");
const phone = DeviceId.parse("22222222-2222-4222-8222-222222222222");
const S = 1_000_000;

function play(...events: SeatEvent[]): [Seat, SeatEffect[]] {
  let seat: Seat = emptySeat;
  let effects: readonly SeatEffect[] = [];
  for (const event of events) [seat, effects] = step(seat, event);
  return [seat, [...effects]];
}
const claim = (connection: string, atS = 0, device = laptop): SeatEvent => ({
  type: "claim",
  connection,
  device,
  atUs: atS * S,
});
const lose = (connection: string, atS: number): SeatEvent => ({ type: "lose", connection, atUs: atS * S });

describe("a seat", () => {
  it("is given to the newest connection; the older one is evicted", () => {
    const [seat, effects] = play(claim("a"), claim("b", 5));
    expect(seat).toMatchObject({ phase: "held", epoch: 2, connection: "b" });
    expect(effects).toEqual([{ type: "evict", connection: "a", sameDevice: true }]);
  });

  it("says when the evicted connection was another device's", () => {
    const [, effects] = play(claim("a"), claim("b", 5, phone));
    expect(effects).toEqual([{ type: "evict", connection: "a", sameDevice: false }]);
  });

  it("stays with its holder when the evicted connection closes late", () => {
    const [seat, effects] = play(claim("a"), claim("b", 1), lose("a", 2));
    expect(seat).toMatchObject({ phase: "held", connection: "b" });
    expect(effects).toEqual([]);
  });

  it("shows an absence after 3 s and a leave after 30 s, and is kept for 10 min", () => {
    const [away] = play(claim("a"), lose("a", 100));
    const shown = (atS: number) => shownPresence(away, atS * S);
    expect([102.9, 103, 129.9, 130, 699].map(shown)).toEqual(["here", "away", "away", "left", "left"]);
    expect([100, 103, 130, 700].map((atS) => nextChangeUs(away, atS * S))).toEqual([103 * S, 130 * S, 700 * S, null]);
    expect(step(away, { type: "tick", atUs: 699 * S })[0]).toBe(away);
    expect(step(away, { type: "tick", atUs: 701 * S })).toEqual([
      expect.objectContaining({ phase: "left", sinceUs: 700 * S }),
      [{ type: "presence", presence: "left", atUs: 700 * S }],
    ]);
  });

  it("counts an absence from the last sign of life, not from the close", () => {
    const [silent, effects] = play(claim("a"), { type: "silent", connection: "a", sinceUs: 97 * S });
    expect(effects).toEqual([{ type: "presence", presence: "away", atUs: 97 * S }]);
    expect(shownPresence(silent, 100 * S)).toBe("away");
    const [away, more] = step(silent, lose("a", 112));
    expect([away, more]).toEqual([expect.objectContaining({ phase: "away", sinceUs: 97 * S }), []]);
    expect(step(silent, { type: "heard", connection: "a", atUs: 101 * S })[1]).toEqual([
      { type: "presence", presence: "here", atUs: 101 * S },
    ]);
  });

  it("is left at once by a goodbye", () => {
    const [seat, effects] = play(claim("a"), { type: "leave", atUs: 9 * S });
    expect(shownPresence(seat, 9 * S)).toBe("left");
    expect(effects).toEqual([{ type: "presence", presence: "left", atUs: 9 * S }]);
  });
});

const event = fc.oneof(
  fc.record({
    type: fc.constant("claim" as const),
    connection: fc.constantFrom("a", "b", "c"),
    device: fc.constantFrom(laptop, phone),
  }),
  fc.record({ type: fc.constant("lose" as const), connection: fc.constantFrom("a", "b", "c") }),
  fc.record({ type: fc.constant("silent" as const), connection: fc.constantFrom("a", "b", "c") }),
  fc.record({ type: fc.constant("heard" as const), connection: fc.constantFrom("a", "b", "c") }),
  fc.record({ type: fc.constant("leave" as const) }),
  fc.record({ type: fc.constant("tick" as const) }),
);

describe("invariants", () => {
  it("the epoch grows exactly when another connection gets the seat, and one connection is evicted at most", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 400 * S })), { maxLength: 60 }), (events) => {
        let seat: Seat = emptySeat;
        let nowUs = 0;
        let last: string | undefined;
        for (const [draft, laterUs] of events) {
          nowUs += laterUs;
          const [next, effects] = step(seat, Object.assign({ atUs: nowUs, sinceUs: nowUs }, draft));
          const given = next.phase === "held" && !(seat.phase === "held" && seat.connection === next.connection);
          expect(next.epoch - seat.epoch).toBe(given ? 1 : 0);
          for (const effect of effects) {
            if (effect.type === "evict") expect(seat).toMatchObject({ phase: "held", connection: effect.connection });
            // Presence never says the same twice: coverage counts its changes.
            if (effect.type === "presence") {
              expect(effect.presence).not.toBe(last);
              last = effect.presence;
            }
          }
          // What is shown changes by time alone only at the announced moment.
          const change = nextChangeUs(next, nowUs);
          if (change !== null) expect(shownPresence(next, change - 1)).toBe(shownPresence(next, nowUs));
          seat = next;
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
