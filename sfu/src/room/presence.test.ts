import type { PresenceChange } from "@verbatim/shared/control/protocol";
import { SeatId } from "@verbatim/shared/ids";
import { describe, expect, it } from "vitest";
import { PRESENCE_OF_SEAT, withPresence } from "./presence.ts";

const restless = SeatId.parse(crypto.randomUUID());
const calm = SeatId.parse(crypto.randomUUID());
const host = (atUs: number): PresenceChange => ({ seatId: calm, role: "interviewer", presence: "here", atUs });

describe("changes of presence", () => {
  const kinds = ["here", "away", "left"] as const;
  const steps = Array.from({ length: 30_000 }, (_, n): PresenceChange => {
    return { seatId: restless, role: "candidate", presence: kinds[n % 3]!, atUs: n };
  });
  const changes = steps.reduce(withPresence, [host(-1)]);
  const own = changes.filter(({ seatId }) => seatId === restless);

  it("stay few and small, though a page comes and goes ten thousand times", () => {
    expect(own.length).toBeLessThanOrEqual(PRESENCE_OF_SEAT);
    expect(JSON.stringify(changes).length).toBeLessThan(64 * 1024);
  });

  it("keep a seat's first arrival, its latest changes in order, and everybody else's", () => {
    expect(changes[0]).toEqual(host(-1));
    expect(own[0]).toEqual(steps[0]);
    expect(own.slice(1)).toEqual(steps.slice(1 - own.length));
  });

  it("forget an absence whole: who came back is there, and no absence begins twice", () => {
    own.forEach((change, n) => expect(change.presence).toBe(kinds[n % 3]));
  });
});
