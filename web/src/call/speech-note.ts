import type { Entry } from "@verbatim/shared/api/call";
import type { SpeechState } from "@verbatim/shared/events/protocol";
import type { Words } from "../words/words.ts";

/** What is to be said of the words' source: by the recorder once it has told, before that by what is set up. Empty when all is well. */
export function speechNote(
  told: SpeechState | undefined,
  plan: Entry["speech"],
  words: Words["call"]["speech"],
): string {
  if (!told)
    return plan.engine === "none" ? plan.reason || words.off("") : plan.engine === "offline" ? words.offline : "";
  if (told.state === "off") return words.off(told.reason);
  if (told.state === "connecting") return words.connecting(told.reason);
  return told.engine === "offline" ? words.offline : "";
}

/**
 * What is to be said where the transcript is not in view: that words have stopped which were to come. Before the recorder
 * has told, and where none were to come, nothing has stopped. Empty when there is nothing to say.
 */
export function speechStopped(
  told: SpeechState | undefined,
  plan: Entry["speech"],
  words: Words["call"]["speech"],
): string {
  return told && told.state !== "on" && plan.engine !== "none" ? speechNote(told, plan, words) : "";
}
