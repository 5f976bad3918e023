import type { SpeechState } from "@verbatim/shared/events/protocol";
import type { SpeechEngine } from "../speech/engine.ts";
import type { SessionState } from "./track-session.ts";

/** A connection that is back within this is nobody's concern. */
const PATIENCE_MS = 2_000;
/** An engine that has sound and says nothing for this long is late, even where it waits for the end of a sentence. */
const SILENCE_MS = 8_000;

const FOLLOW = "Words follow when it can; the recording is not affected.";

/** What the page says, from how every track's session stands; undefined while there is nothing to say yet. */
export function speechStateOf(
  engine: SpeechEngine["name"],
  sessions: readonly SessionState[],
  nowMs: number,
): SpeechState | undefined {
  const refused = sessions.find((session) => session.state === "refused");
  if (refused) return { state: "off", engine: "none", reason: `${refused.reason} The recording is not affected.` };
  for (const session of sessions) {
    if (session.state === "connecting" && nowMs - session.sinceMs > PATIENCE_MS) {
      const reason = session.reason ?? "The speech service cannot be reached.";
      return { state: "connecting", engine, reason: `${reason} ${FOLLOW}` };
    }
  }
  const silent = sessions.some((session) => session.state === "silent" && nowMs - session.sinceMs > SILENCE_MS);
  if (silent) return { state: "connecting", engine, reason: `The speech service does not answer. ${FOLLOW}` };
  const on = sessions.some(({ state }) => state === "on" || state === "silent");
  return on ? { state: "on", engine, reason: "" } : undefined;
}
