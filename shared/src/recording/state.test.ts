import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeatId } from "../ids.ts";
import { type Control, ControlAction, type ControlEvent, idleControl, step, UNDO_STOP_MS } from "./state.ts";

const seats = ["a", "b", "c"] as SeatId[];
const [a, b] = seats as [SeatId, SeatId];

function play(...events: ControlEvent[]): Control {
  return events.reduce((control, event) => {
    const outcome = step(control, event);
    if (!outcome.ok) throw new Error(`${event.type}: ${outcome.refusal}`);
    return outcome.control;
  }, idleControl);
}
const by = (seat: SeatId | null, type: ControlAction, epoch: number, atMs = 0): ControlEvent => ({
  type,
  seat,
  epoch,
  atMs,
});
const refusal = (control: Control, event: ControlEvent): string | undefined => {
  const outcome = step(control, event);
  return outcome.ok ? undefined : outcome.refusal;
};

describe("control", () => {
  it("is taken by whoever starts, and by the system for nobody", () => {
    expect(play(by(a, "start", 0))).toMatchObject({ phase: "recording", controller: a, epoch: 1, revision: 1 });
    expect(play(by(null, "start", 0))).toMatchObject({ phase: "recording", controller: null, epoch: 0 });
  });

  it("is refused to everybody else until they take over", () => {
    const control = play(by(a, "start", 0));
    for (const type of ["pause", "stop"] as const) expect(refusal(control, by(b, type, 1))).toBe("not_controller");
    const taken = play(by(a, "start", 0), by(b, "take_over", 1));
    expect(taken).toMatchObject({ controller: b, epoch: 2, phase: "recording", revision: 1 });
    expect(refusal(taken, by(a, "stop", 1))).toBe("stale_epoch");
    expect(refusal(taken, by(a, "stop", 2))).toBe("not_controller");
    expect(refusal(taken, by(b, "take_over", 2))).toBe("already_controller");
  });

  it("can be taken before Start, and the starter is then the controller", () => {
    const taken = play(by(b, "take_over", 0));
    expect(refusal(taken, by(a, "start", 1))).toBe("not_controller");
    expect(play(by(b, "take_over", 0), by(null, "start", 1))).toMatchObject({
      controller: b,
      epoch: 1,
      phase: "recording",
    });
  });
});

const give = (seat: SeatId, to: SeatId, epoch: number): ControlEvent => ({
  type: "hand_over",
  seat,
  to,
  epoch,
  atMs: 0,
});
const close = (seat: SeatId, by: SeatId | null): ControlEvent => ({ type: "place_closed", seat, by, atMs: 0 });

describe("handing over", () => {
  it("is the controller's alone, once per epoch, and never touches the recording", () => {
    const control = play(by(a, "start", 0));
    const given = play(by(a, "start", 0), give(a, b, 1));
    expect(given).toEqual({ ...control, controller: b, epoch: 2 });
    expect(refusal(given, give(a, b, 1))).toBe("stale_epoch");
    expect(refusal(given, give(a, b, 2))).toBe("not_controller");
    expect(refusal(given, give(b, b, 2))).toBe("already_controller");
    expect(refusal(idleControl, give(a, b, 0))).toBe("not_controller");
    expect(play(by(a, "start", 0), by(a, "pause", 1), give(a, b, 1)).phase).toBe("paused");
  });
});

describe("a place that is closed", () => {
  it("leaves its control to whoever closed it, whatever the epoch, or to nobody", () => {
    const control = play(by(a, "start", 0), by(b, "take_over", 1));
    expect(play(by(a, "start", 0), by(b, "take_over", 1), close(b, a))).toEqual({
      ...control,
      controller: a,
      epoch: 3,
    });
    expect(play(by(a, "start", 0), close(a, null))).toMatchObject({ controller: null, epoch: 2, phase: "recording" });
  });

  it("changes nothing when somebody else controls, or nothing is left to control", () => {
    const control = play(by(a, "start", 0));
    const closed = play(by(a, "start", 0), by(a, "stop", 1), { type: "close", atMs: UNDO_STOP_MS });
    expect(step(control, close(b, a))).toEqual({ ok: true, control, changed: false });
    expect(step(closed, close(a, b))).toEqual({ ok: true, control: closed, changed: false });
  });
});

describe("Stop", () => {
  const stopped = play(by(a, "start", 0), by(a, "stop", 1, 1_000));

  it("can be undone by anybody entitled, for 120 s, into the state before", () => {
    expect(step(stopped, by(b, "undo_stop", 1, 1_000 + UNDO_STOP_MS - 1))).toMatchObject({
      ok: true,
      control: { phase: "recording", controller: a },
    });
    expect(refusal(stopped, by(b, "undo_stop", 1, 1_000 + UNDO_STOP_MS))).toBe("too_late");
    const paused = play(by(a, "start", 0), by(a, "pause", 1), by(a, "stop", 1), by(b, "undo_stop", 1));
    expect(paused.phase).toBe("paused");
  });

  it("closes no earlier than it can no longer be undone, and once", () => {
    expect(refusal(stopped, { type: "close", atMs: 1_000 + UNDO_STOP_MS - 1 })).toBe("too_late");
    const closed = step(stopped, { type: "close", atMs: 1_000 + UNDO_STOP_MS });
    expect(closed).toMatchObject({ ok: true, control: { phase: "closed" } });
    if (!closed.ok) throw new Error("not closed");
    expect(step(closed.control, { type: "close", atMs: 1e9 })).toMatchObject({ ok: true, changed: false });
    expect(refusal(closed.control, give(a, b, closed.control.epoch))).toBe("wrong_phase");
    for (const type of ControlAction.options)
      expect(refusal(closed.control, by(a, type, closed.control.epoch, 1e9))).toBe("wrong_phase");
  });
});

const anyEvent: fc.Arbitrary<ControlEvent> = fc.oneof(
  fc.record({
    type: fc.constantFrom(...ControlAction.options),
    seat: fc.constantFrom<SeatId | null>(...seats, null),
    epoch: fc.nat(6),
    atMs: fc.constant(0),
  }),
  fc.record({
    type: fc.constant("hand_over" as const),
    seat: fc.constantFrom(...seats),
    to: fc.constantFrom(...seats),
    epoch: fc.nat(6),
    atMs: fc.constant(0),
  }),
  fc.record({
    type: fc.constant("place_closed" as const),
    seat: fc.constantFrom(...seats),
    by: fc.constantFrom<SeatId | null>(...seats, null),
    atMs: fc.constant(0),
  }),
  fc.record({ type: fc.constant("close" as const), atMs: fc.constant(0) }),
  fc.record({ type: fc.constant("withdraw" as const), atMs: fc.constant(0) }),
);

/** Any events, at times that never go back; now and then long after. */
const history = fc
  .array(fc.tuple(anyEvent, fc.oneof(fc.nat(1_000), fc.constant(UNDO_STOP_MS))), { maxLength: 60 })
  .map((list) => {
    let atMs = 0;
    return list.map(([event, after]) => ({ ...event, atMs: (atMs += after) }));
  });

describe("withdrawing", () => {
  const withdraw = { type: "withdraw", atMs: 0 } as const;

  it("pauses a running recording whoever controls it, and changes nothing of one that rests", () => {
    expect(play(by(a, "start", 0), withdraw)).toMatchObject({ phase: "paused", controller: a, epoch: 1, revision: 2 });
    for (const resting of [idleControl, play(by(a, "start", 0), by(a, "pause", 1))]) {
      expect(step(resting, withdraw)).toEqual({ ok: true, control: resting, changed: false });
    }
  });

  it("after Stop leaves an undo that ends in a pause, so that nothing said meanwhile comes back", () => {
    const undone = play(by(a, "start", 0), by(a, "stop", 1, 500), withdraw, by(a, "undo_stop", 1, 600));
    expect(undone.phase).toBe("paused");
  });
});

describe("invariant", () => {
  it("the epoch never falls, and grows by one exactly when the controller changes", () => {
    fc.assert(
      fc.property(history, (events) => {
        let control = idleControl;
        for (const event of events) {
          // Mostly the epoch that stands, so that histories get somewhere.
          const fresh = "epoch" in event && event.epoch < 5 ? { ...event, epoch: control.epoch } : event;
          const outcome = step(control, fresh);
          if (!outcome.ok) continue;
          const changed = outcome.control.controller !== control.controller;
          expect(outcome.control.epoch - control.epoch).toBe(changed ? 1 : 0);
          expect(outcome.control.revision).toBeGreaterThanOrEqual(control.revision);
          expect(outcome.control.revision - control.revision).toBe(outcome.control.phase === control.phase ? 0 : 1);
          expect(outcome.control.phase === "stopped").toBe(
            outcome.control.stoppedAtMs !== null && outcome.control.phase !== "closed",
          );
          control = outcome.control;
        }
      }),
    );
  });

  it("whoever holds an older epoch changes nothing", () => {
    fc.assert(
      fc.property(history, anyEvent, (events, late) => {
        let control = idleControl;
        for (const event of events) {
          const outcome = step(control, "epoch" in event ? { ...event, epoch: control.epoch } : event);
          if (outcome.ok) control = outcome.control;
        }
        if (!("epoch" in late)) return;
        expect(step(control, { ...late, epoch: control.epoch - 1 }).ok).toBe(false);
      }),
    );
  });

  it("a place that was closed controls nothing from then on, until it is given it again", () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...seats), (events, gone) => {
        let control = idleControl;
        for (const event of events) {
          const outcome = step(control, "epoch" in event ? { ...event, epoch: control.epoch } : event);
          if (outcome.ok) control = outcome.control;
        }
        const outcome = step(control, { type: "place_closed", seat: gone, by: null, atMs: 0 });
        expect(outcome.ok && (outcome.control.phase === "closed" || outcome.control.controller !== gone)).toBe(true);
      }),
    );
  });

  it("a stopped recording that was undone in time is as it was before, but for its revision", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(UNDO_STOP_MS - 1), (paused, after) => {
        const before = paused ? play(by(a, "start", 0), by(a, "pause", 1)) : play(by(a, "start", 0));
        const outcome = step(
          play(by(a, "start", 0), ...(paused ? [by(a, "pause", 1)] : []), by(a, "stop", 1, 500)),
          by(b, "undo_stop", 1, 500 + after),
        );
        if (!outcome.ok) throw new Error(outcome.refusal);
        const { before: _, revision: __, ...rest } = outcome.control;
        expect(rest).toEqual((({ before: ___, revision: ____, ...same }) => same)(before));
      }),
    );
  });
});
