import { unreachable } from "@verbatim/shared/assert";
import { lampRuns, type RecordingView } from "@verbatim/shared/recording/view";
import { agoOf, clockOf } from "../clock/format.ts";
import type { Words } from "../words/words.ts";

export type LampView = {
  readonly shape: "off" | "starting" | "on" | "unsure" | "paused" | "stopped";
  /** What stands beside the dot: a green check, an amber clock, an amber triangle, an amber clock with a question. */
  readonly mark: "none" | "safe" | "behind" | "risk" | "stale";
  readonly text: string;
};

/** On the server's clock, ms. `cutOffMs`: since when this page hears nothing, or null while it does. */
export type LampClock = { readonly nowMs: number; readonly cutOffMs: number | null };

/** Measured twice within it, told at once: older figures are news from the past. */
const STALE_MS = 5_000;

/** What the lamp shows, from measured figures alone, and only while they are fresh. */
export function lampView(recording: RecordingView, clock: LampClock, words: Words["call"]["lamp"]): LampView {
  const view = freshView(recording, clock.nowMs, words);
  const ageMs = staleMs(recording, clock);
  if (ageMs === null) return view;
  const ago = agoOf(ageMs);
  if (!lampRuns(recording.lamp)) return { ...view, mark: "stale", text: words.staleHeld(view.text, ago) };
  // What was durable then is durable now; of everything since nobody knows.
  const text = recording.onServerMs === 0 ? words.staleEmpty(ago) : words.stale(ago, clockOf(recording.onServerMs));
  return { shape: "unsure", mark: "stale", text };
}

/** How old the figures are, ms, once they are too old; else null. A recording that does not run stays as it is without being measured. */
function staleMs(recording: RecordingView, { nowMs, cutOffMs }: LampClock): number | null {
  // A server that does not say when it measured did so at the start, for all we know.
  const sinceMs = lampRuns(recording.lamp) ? (recording.measuredAtMs ?? recording.startedAtMs ?? 0) : cutOffMs;
  return sinceMs !== null && nowMs - sinceMs > STALE_MS ? nowMs - sinceMs : null;
}

function freshView(recording: RecordingView, nowMs: number, words: Words["call"]["lamp"]): LampView {
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
      return {
        shape: "paused",
        mark: "none",
        text: words.paused(held, recording.pausedByName ?? recording.controllerName),
      };
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
