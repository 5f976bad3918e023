import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs, idle, type Session, type SessionEffect, type SessionEvent, step } from "./step.ts";

function play(...events: SessionEvent[]): [Session, SessionEffect[]] {
  let session: Session = idle;
  const effects: SessionEffect[] = [];
  for (const event of events) {
    const [next, more] = step(session, event);
    session = next;
    effects.push(...more);
  }
  return [session, effects];
}

const joined: SessionEvent[] = [{ type: "join" }, { type: "welcome", attempt: 1, phase: "in" }];
const closed = (attempt: number, code: number, atMs = 1_000): SessionEvent => ({
  type: "closed",
  attempt,
  code,
  reason: "",
  atMs,
});

it("walks in, waits where it must, and is admitted", () => {
  const [session] = play(
    { type: "join" },
    { type: "welcome", attempt: 1, phase: "waiting" },
    { type: "admitted", attempt: 1 },
  );
  expect(session).toEqual({ phase: "in", attempt: 1 });
});

it("tries again at once after the first loss, keeps the media, then backs off to a second", () => {
  const [session, effects] = play(...joined, closed(1, 1006));
  expect(session).toMatchObject({ phase: "lost", was: "in", retryAtMs: 1_000, lostAtMs: 1_000 });
  expect(effects.map((effect) => effect.type)).toEqual(["connect", "wake"]);
  expect([0, 1, 2, 3, 9].map(backoffMs)).toEqual([0, 500, 1_000, 1_000, 1_000]);
});

it("remembers since when the network is lost, over several tries", () => {
  const [session] = play(
    ...joined,
    closed(1, 1006, 1_000),
    { type: "due", atMs: 1_000 },
    { type: "failed", attempt: 2, code: "unreachable", message: "", retry: true, atMs: 5_000 },
  );
  expect(session).toMatchObject({ phase: "lost", was: "in", tries: 1, lostAtMs: 1_000, retryAtMs: 5_500 });
});

it("does not wait for its turn when the browser says that the network is back", () => {
  const [session, effects] = play(...joined, closed(1, 1006), { type: "online", atMs: 1_001 });
  expect(session.phase).toBe("connecting");
  expect(effects.at(-1)).toEqual({ type: "connect", attempt: 2 });
});

it("does not come back by itself when it was opened elsewhere, and does when asked", () => {
  const [session, effects] = play(...joined, closed(1, 4410));
  expect(session).toMatchObject({ phase: "over", why: "replaced" });
  expect(effects.slice(1).map((effect) => effect.type)).toEqual(["close-socket", "drop-media"]);
  expect(play(...joined, closed(1, 4410), { type: "due", atMs: 9e9 }, { type: "online", atMs: 9e9 })[0].phase).toBe(
    "over",
  );
  expect(play(...joined, closed(1, 4410), { type: "join" })[0]).toMatchObject({ phase: "connecting", attempt: 2 });
});

it("ignores what a connection says after the next one began", () => {
  const [session] = play(...joined, closed(1, 1006), { type: "due", atMs: 1_000 }, closed(1, 4410), {
    type: "welcome",
    attempt: 1,
    phase: "in",
  });
  expect(session).toMatchObject({ phase: "connecting", attempt: 2 });
});

it("tells the end of the interview, and of a seat for one to speak, from a refusal: by notice, by close code and by the ticket's error", () => {
  expect(play(...joined, { type: "ended", attempt: 1 })[0]).toMatchObject({ phase: "over", why: "ended" });
  expect(play(...joined, closed(1, 4411))[0]).toMatchObject({ phase: "over", why: "ended" });
  expect(play(...joined, closed(1, 4417))[0]).toMatchObject({ phase: "over", why: "moved" });
  const failed = (code: string): SessionEvent => ({
    type: "failed",
    attempt: 1,
    code,
    message: "no",
    retry: false,
    atMs: 0,
  });
  expect(play({ type: "join" }, failed("interview.over"))[0]).toMatchObject({ phase: "over", why: "ended" });
  expect(play({ type: "join" }, failed("observers.full"))[0]).toMatchObject({ phase: "over", why: "refused" });
  expect(play({ type: "join" }, closed(1, 4414))[0]).toMatchObject({ phase: "over", why: "refused" });
});

it("takes a new ticket after one that ran out", () => {
  expect(play({ type: "join" }, closed(1, 4401))[0].phase).toBe("lost");
});

it("says that it leaves before it closes", () => {
  const [session, effects] = play(...joined, { type: "leave" });
  expect(session).toMatchObject({ phase: "over", why: "left" });
  expect(effects.slice(1).map((effect) => effect.type)).toEqual(["say-leave", "close-socket", "drop-media"]);
});

const anyEvent = fc.oneof(
  fc.constant({ type: "join" as const }),
  fc.constant({ type: "leave" as const }),
  fc.record({
    type: fc.constant("welcome" as const),
    back: fc.nat(1),
    phase: fc.constantFrom("in" as const, "waiting" as const),
  }),
  fc.record({ type: fc.constant("admitted" as const), back: fc.nat(1) }),
  fc.record({
    type: fc.constant("closed" as const),
    back: fc.nat(1),
    code: fc.constantFrom(1006, 4410, 4411, 4500, 4401),
  }),
  fc.record({ type: fc.constant("failed" as const), back: fc.nat(1), retry: fc.boolean() }),
  fc.constant({ type: "due" as const }),
  fc.constant({ type: "online" as const }),
);

it("invariant: attempts only grow, each connect carries the newest, and nobody waits longer than a second", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let session: Session = idle;
      for (const [atMs, event] of events.entries()) {
        // `back`: an event of this attempt, or a late one of the attempt before.
        const attempt = session.attempt - ("back" in event ? event.back : 0);
        const whole: object = { code: "internal", message: "", reason: "", ...event, attempt, atMs };
        const [next, effects] = step(session, whole as SessionEvent);
        expect(next.attempt).toBeGreaterThanOrEqual(session.attempt);
        for (const effect of effects) if (effect.type === "connect") expect(effect.attempt).toBe(next.attempt);
        if (next.phase === "lost") expect(next.retryAtMs - atMs).toBeLessThanOrEqual(1_000);
        session = next;
      }
    }),
    { seed: 42 },
  );
});
