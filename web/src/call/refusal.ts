import { type RecordingView, lampRuns } from "@verbatim/shared/recording/view";
import type { ControlAction } from "@verbatim/shared/recording/state";

/** What was asked for and refused, and what the page showed then. */
export type Asked = { readonly action: ControlAction; readonly epoch: number };

/**
 * Whether a refusal speaks of what is past. It names who was faster, and the page learns of that one change of control
 * at about the same time; when control passes on after that, or comes to this person, the sentence is no longer true.
 */
export function isPast(asked: Asked, now: RecordingView, seatId: string): boolean {
  if (now.epoch > asked.epoch + 1 || (now.epoch > asked.epoch && now.controllerSeatId === seatId)) return true;
  return asked.action === "start" && lampRuns(now.lamp);
}
