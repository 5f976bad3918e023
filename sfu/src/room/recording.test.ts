import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordingId } from "@verbatim/shared/ids";
import type { RecordingControl, Transition } from "@verbatim/shared/recording/control";
import { acceptRecording, isOpen } from "./recording.ts";

const recordingId = RecordingId.parse("33333333-3333-4333-8333-333333333333");
const otherId = RecordingId.parse("44444444-4444-4444-8444-444444444444");
const control = (transitions: Transition[], more: Partial<RecordingControl> = {}): RecordingControl => ({
  recordingId,
  epoch: 0,
  controller: null,
  clock: null,
  transitions,
  ...more,
});
const at = (us: number) => ({ bootId: "boot", us, utcMs: 1_000_000 + us / 1_000 });
const start = { revision: 1, to: "recording", atUs: null } as const;
const pause = { revision: 2, to: "paused", atUs: null } as const;

describe("accepting a recording", () => {
  it("puts position 0 at the moment Start is accepted", () => {
    const accepted = acceptRecording(null, control([start]), at(5_000))!;
    expect(accepted.clock).toEqual({ bootId: "boot", startUs: 5_000, startUtcMs: 1_000_005 });
    expect(accepted.transitions).toEqual([{ ...start, atUs: 5_000 }]);
  });

  it("keeps a stamp once given, however often the state is repeated", () => {
    const first = acceptRecording(null, control([start]), at(5_000));
    const second = acceptRecording(first, control([start, pause]), at(9_000));
    const third = acceptRecording(second, control([start, pause]), at(20_000))!;
    expect(third.transitions.map(({ atUs }) => atUs)).toEqual([5_000, 9_000]);
    expect(third).toEqual(second);
  });

  it("adopts what a restarted sfu gave before", () => {
    const clock = { bootId: "boot", startUs: 100, startUtcMs: 1 };
    const told = control([{ ...start, atUs: 100 }, pause], { clock });
    const accepted = acceptRecording(null, told, at(7_000))!;
    expect(accepted.clock).toEqual(clock);
    expect(accepted.transitions.map(({ atUs }) => atUs)).toEqual([100, 7_000]);
  });

  it("goes on by UTC when the host was rebooted", () => {
    const clock = { bootId: "earlier", startUs: 50_000_000, startUtcMs: 1_000_000 };
    const accepted = acceptRecording(null, control([{ ...start, atUs: 50_000_000 }, pause], { clock }), at(2_000_000))!;
    // 2 s after the anchor by UTC, though this boot's clock shows 2 s only.
    expect(accepted.transitions[1]!.atUs).toBe(52_000_000);
  });

  it("gives another recording of the same call its own clock", () => {
    const first = acceptRecording(null, control([start]), at(1_000));
    const second = acceptRecording(first, control([start], { recordingId: otherId }), at(8_000))!;
    expect(second.clock!.startUs).toBe(8_000);
    expect(second.transitions).toHaveLength(1);
  });

  it("is open from its first transition until it is closed", () => {
    expect(isOpen(null)).toBe(false);
    expect(isOpen(control([start, { revision: 2, to: "stopped", atUs: null }]))).toBe(true);
    expect(isOpen(control([start, { revision: 2, to: "closed", atUs: null }]))).toBe(false);
  });

  it("invariant: stamps never change, never run backwards by revision, and are all there", () => {
    const step = fc.record({ upTo: fc.integer({ min: 1, max: 8 }), laterUs: fc.nat(10_000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let known: RecordingControl | null = null;
        let us = 0;
        for (const { upTo, laterUs } of steps) {
          us += laterUs;
          const told = Array.from(
            { length: upTo },
            (_, i): Transition => ({
              revision: i + 1,
              to: i % 2 === 0 ? "recording" : "paused",
              atUs: null,
            }),
          );
          const next: RecordingControl = acceptRecording(known, control(told), at(us))!;
          const stamps = next.transitions.map(({ atUs }) => atUs ?? -1);
          expect(stamps.every((stamp) => stamp >= 0)).toBe(true);
          expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
          for (const [index, before] of (known?.transitions ?? []).entries()) {
            expect(next.transitions[index]).toEqual(before);
          }
          known = next;
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
