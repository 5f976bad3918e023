import { z } from "zod";
import { unreachable } from "../assert.ts";
import type { SeatId } from "../ids.ts";

/** How long a Stop can be undone. Capture goes on in the spool alone meanwhile. */
export const UNDO_STOP_MS = 120_000;

/** How long after the candidate left for good a recording goes on, unless staff keep it. */
export const PAUSE_WITHOUT_CANDIDATE_MS = 60_000;

/** The states a recording is shown in. */
export const RecordingState = z.enum([
  "recording",
  "paused",
  "stopped",
  "assembling",
  "complete",
  "complete_with_gaps",
  "failed",
]);
export type RecordingState = z.infer<typeof RecordingState>;

export const ControlAction = z.enum(["start", "pause", "resume", "stop", "undo_stop", "take_over"]);
export type ControlAction = z.infer<typeof ControlAction>;

/**
 * Who may start, pause and stop, and what the recorder was last told.
 *
 *   idle ──start──▶ recording ◀──resume── paused
 *                     │   ▲ ────pause────▶  │
 *                    stop └─undo (≤ 120 s)  stop
 *                     ▼                     ▼
 *                   stopped ──────120 s──▶ closed
 *
 * `take_over`, `hand_over` and `place_closed` change the controller in any phase but `closed` and never the phase. `epoch`
 * grows exactly when the controller changes; `revision` grows with every change the recorder must learn.
 */
export type Control = {
  readonly phase: "idle" | "recording" | "paused" | "stopped" | "closed";
  /** What a stopped recording returns to when Stop is undone. */
  readonly before: "recording" | "paused";
  readonly controller: SeatId | null;
  readonly epoch: number;
  readonly revision: number;
  readonly stoppedAtMs: number | null;
};

export const idleControl: Control = {
  phase: "idle",
  before: "recording",
  controller: null,
  epoch: 0,
  revision: 0,
  stoppedAtMs: null,
};

/** What the part after a closed one begins with: nobody controls it, and an epoch that was seen before is stale when it has started. */
export const nextPart = (closed: Control): Control => ({ ...idleControl, epoch: closed.epoch });

export type ControlEvent =
  /** `seat` null is the system: the automatic start, and the close when nobody is there. */
  | { readonly type: ControlAction; readonly seat: SeatId | null; readonly epoch: number; readonly atMs: number }
  /** Whoever controls the recording passes it on. */
  | {
      readonly type: "hand_over";
      readonly seat: SeatId;
      readonly to: SeatId;
      readonly epoch: number;
      readonly atMs: number;
    }
  /** A person's place ended. No epoch: who has no place controls nothing, whatever was seen. `by` null: nobody here did it. */
  | { readonly type: "place_closed"; readonly seat: SeatId; readonly by: SeatId | null; readonly atMs: number }
  /** Somebody who is recorded does not agree any more. No epoch: it holds whoever controls the recording. */
  | { readonly type: "withdraw"; readonly atMs: number }
  | { readonly type: "close"; readonly atMs: number };

export type ControlRefusal = "stale_epoch" | "not_controller" | "wrong_phase" | "too_late" | "already_controller";

export type ControlOutcome =
  | { readonly ok: true; readonly control: Control; readonly changed: boolean }
  | { readonly ok: false; readonly refusal: ControlRefusal };

const no = (refusal: ControlRefusal): ControlOutcome => ({ ok: false, refusal });
const yes = (control: Control): ControlOutcome => ({ ok: true, control, changed: true });

/** The whole policy of control. Pure; the caller writes the result `where epoch = $n and revision = $m`. */
export function step(control: Control, event: ControlEvent): ControlOutcome {
  if (event.type === "close") {
    if (control.phase === "closed") return { ok: true, control, changed: false };
    if (control.phase !== "stopped") return no("wrong_phase");
    if (event.atMs < (control.stoppedAtMs ?? 0) + UNDO_STOP_MS) return no("too_late");
    return yes({ ...control, phase: "closed", revision: control.revision + 1 });
  }
  if (event.type === "withdraw") {
    if (control.phase === "recording") return yes({ ...control, phase: "paused", revision: control.revision + 1 });
    // What is said after Stop lies in the spool: undone, it would be kept. Now Stop can only be undone to a pause.
    if (control.phase === "stopped" && control.before === "recording") return yes({ ...control, before: "paused" });
    return { ok: true, control, changed: false };
  }
  if (event.type === "place_closed") {
    if (control.phase === "closed" || control.controller !== event.seat || event.by === event.seat)
      return { ok: true, control, changed: false };
    return yes({ ...control, controller: event.by, epoch: control.epoch + 1 });
  }
  if (control.phase === "closed") return no("wrong_phase");
  if (event.epoch !== control.epoch) return no("stale_epoch");

  if (event.type === "take_over") {
    if (event.seat === null) return no("not_controller");
    if (event.seat === control.controller) return no("already_controller");
    return yes({ ...control, controller: event.seat, epoch: control.epoch + 1 });
  }
  if (event.type === "hand_over") {
    if (event.seat !== control.controller) return no("not_controller");
    if (event.to === control.controller) return no("already_controller");
    return yes({ ...control, controller: event.to, epoch: control.epoch + 1 });
  }

  // A recording without a controller may be started by whoever is entitled to be asked; the caller checks the role.
  const entitled = event.seat === null || control.controller === null || event.seat === control.controller;
  // Undoing a Stop is open to any entitled person, not to the controller alone: it can only keep more.
  if (!entitled && event.type !== "undo_stop") return no("not_controller");

  switch (event.type) {
    case "start": {
      if (control.phase !== "idle") return no("wrong_phase");
      const controller = control.controller ?? event.seat;
      const epoch = controller === control.controller ? control.epoch : control.epoch + 1;
      return yes({ ...control, phase: "recording", controller, epoch, revision: control.revision + 1 });
    }
    case "pause":
      if (control.phase !== "recording") return no("wrong_phase");
      return yes({ ...control, phase: "paused", revision: control.revision + 1 });
    case "resume":
      if (control.phase !== "paused") return no("wrong_phase");
      return yes({ ...control, phase: "recording", revision: control.revision + 1 });
    case "stop":
      if (control.phase !== "recording" && control.phase !== "paused") return no("wrong_phase");
      return yes({
        ...control,
        phase: "stopped",
        before: control.phase,
        revision: control.revision + 1,
        stoppedAtMs: event.atMs,
      });
    case "undo_stop":
      if (control.phase !== "stopped") return no("wrong_phase");
      if (event.atMs >= (control.stoppedAtMs ?? 0) + UNDO_STOP_MS) return no("too_late");
      return yes({ ...control, phase: control.before, revision: control.revision + 1, stoppedAtMs: null });
    default:
      return unreachable(event.type);
  }
}
