import { z } from "zod";
import { SeatId } from "../ids.ts";

/** From whom control came to who has it, where it was not taken: handed over by its controller, or left by a place that was closed. */
export const ControllerFrom = z.object({
  name: z.string().max(200),
  how: z.enum(["handed_over", "place_closed"]),
});
export type ControllerFrom = z.infer<typeof ControllerFrom>;

/**
 * What everybody reads about the recording: who controls it, and two figures from measurement, never
 * from intent. `onServerMs`: up to here everything is fdatasync'ed on the server. `inStoreMs`: up to here every
 * chunk is confirmed by the store. Both on the recording's clock.
 */
export const RecordingView = z.object({
  /** `off` before Start; `starting` until the first byte is durable; `at_risk` when present speakers' sound is not becoming durable. */
  lamp: z.enum(["off", "starting", "safe", "behind", "at_risk", "paused", "stopped", "closed"]),
  /** A sentence for `at_risk`, else empty. */
  risk: z.string().max(300),
  epoch: z.int().min(0),
  controllerSeatId: SeatId.nullable(),
  controllerName: z.string().max(200),
  /** UTC ms at which the controller took over, or was given it; null for who started. Absent from servers older than it. */
  controllerSinceMs: z.int().nullable().optional(),
  /** Absent where control was taken, or begun with. */
  controllerFrom: ControllerFrom.optional(),
  /** UTC ms of position 0, or null before Start. */
  startedAtMs: z.int().nullable(),
  /** UTC ms at which the first part began, from which the planned time counts. Absent before that, and from servers older than it. */
  begunAtMs: z.int().optional(),
  /** Position of the last pause, or of Stop, while paused or stopped; the timer stands there. */
  heldAtMs: z.int().nullable(),
  /** Who paused, while paused; empty when it paused by itself, because the candidate had left. Absent from servers older than it. */
  pausedByName: z.string().max(200).optional(),
  /**
   * Cameras and screens: not recorded in this interview, recorded, or `missing` while a camera that is on does not reach
   * the recorder, as when pictures give way to sound. Absent from servers older than it.
   */
  pictures: z.enum(["none", "kept", "missing"]).optional(),
  onServerMs: z.int().min(0),
  inStoreMs: z.int().min(0),
  /** UTC ms until which Stop can be undone, while stopped. */
  undoUntilMs: z.int().nullable(),
  /** UTC ms at which it pauses because the candidate left for good and nobody has kept it yet. */
  pausesAtMs: z.int().optional(),
  /**
   * UTC ms at which this was measured. Repeated at least every 2 s while a recording runs, so that a page knows a view
   * that nobody measures any more. Absent from servers older than it.
   */
  measuredAtMs: z.int().optional(),
});
export type RecordingView = z.infer<typeof RecordingView>;

export const recordingOff: RecordingView = {
  lamp: "off",
  risk: "",
  epoch: 0,
  controllerSeatId: null,
  controllerName: "",
  controllerSinceMs: null,
  startedAtMs: null,
  heldAtMs: null,
  onServerMs: 0,
  inStoreMs: 0,
  undoUntilMs: null,
};

/** Whether the lamp claims something of this very moment, which only a fresh measurement can. */
export const lampRuns = (lamp: RecordingView["lamp"]): boolean =>
  lamp === "starting" || lamp === "safe" || lamp === "behind" || lamp === "at_risk";
