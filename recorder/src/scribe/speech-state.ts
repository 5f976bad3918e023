import type { SpeechState } from "@verbatim/shared/events/protocol";
import type { SpeechEngine } from "../speech/engine.ts";
import type { SessionState } from "./track-session.ts";

/** A connection that is back within this is nobody's concern. */
const PATIENCE_MS = 2_000;

/** What the page says, from how every track's session stands; undefined while there is nothing to say yet. */
export function speechStateOf(
  engine: SpeechEngine["name"],
  sessions: readonly SessionState[],
  nowMs: number,
): SpeechState | undefined {
  const refused = sessions.find((session) => session.state === "refused");
  if (refused) return { state: "off", engine: "none", reason: `${refused.reason} The recording is not affected.` };
  const late = sessions.some((session) => session.state === "connecting" && nowMs - session.sinceMs > PATIENCE_MS);
  if (late) {
    const reason = "The speech service cannot be reached. Words follow when it can; the recording is not affected.";
    return { state: "connecting", engine, reason };
  }
  return sessions.some(({ state }) => state === "on") ? { state: "on", engine, reason: "" } : undefined;
}
