import { unreachable } from "@verbatim/shared/assert";
import type { RecordingView } from "@verbatim/shared/recording/view";
import { clockOf } from "../clock/format.ts";
import type { Words } from "../words/words.ts";

export type LampView = {
  readonly shape: "off" | "starting" | "on" | "paused" | "stopped";
  /** What stands beside the dot: a green check, an amber clock, an amber triangle. */
  readonly mark: "none" | "safe" | "behind" | "risk";
  readonly text: string;
};

/** What the lamp shows, from measured figures alone. */
export function lampView(recording: RecordingView, nowMs: number, words: Words["call"]["lamp"]): LampView {
  const held = clockOf(recording.heldAtMs ?? recording.onServerMs);
  switch (recording.lamp) {
    case "off":
      return { shape: "off", mark: "none", text: words.off };
    case "starting":
      return { shape: "starting", mark: "none", text: words.starting };
    case "safe":
      return { shape: "on", mark: "safe", text: words.safe(clockOf(recording.onServerMs)) };
    case "behind":
      return { shape: "on", mark: "behind", text: words.behind(clockOf(recording.onServerMs - recording.inStoreMs)) };
    case "at_risk":
      return { shape: "on", mark: "risk", text: words.atRisk(clockOf(recording.onServerMs), recording.risk) };
    case "paused":
      return { shape: "paused", mark: "none", text: words.paused(held, recording.controllerName) };
    case "stopped":
      return {
        shape: "stopped",
        mark: "none",
        text: words.stopped(held, clockOf((recording.undoUntilMs ?? nowMs) - nowMs)),
      };
    case "closed":
      return { shape: "stopped", mark: "none", text: words.closed(held) };
    default:
      return unreachable(recording.lamp);
  }
}

/** Where the recording's clock stands, ms, or null before Start. Paused and stopped it stands still. */
export function positionMs(recording: RecordingView, nowMs: number): number | null {
  if (recording.startedAtMs === null) return null;
  return recording.heldAtMs ?? Math.max(0, nowMs - recording.startedAtMs);
}
