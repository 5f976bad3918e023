import type { Participant } from "@verbatim/shared/control/protocol";
import type { RecordingView } from "@verbatim/shared/recording/view";
import type { Words } from "../words/words.ts";

type Seen = {
  readonly participants: readonly Participant[];
  readonly recording: RecordingView;
  /** The recording's figures are too old to be believed. */
  readonly stale: boolean;
};

/** What changed between two looks, in sentences; `lamp` is the lamp's text now. */
export function news(before: Seen, now: Seen, { call }: Words, lamp: string): string[] {
  const told: string[] = [];
  for (const { seatId, name, presence, paused, silenced } of now.participants) {
    const known = before.participants.find((person) => person.seatId === seatId);
    if (known && paused && !known.paused) told.push(call.says.paused(name));
    if (known && silenced && !known.silenced) told.push(call.says.silenced(name));
    const was = known?.presence;
    if (was === presence || before.participants.length === 0) continue;
    if (presence === "here" && was !== "away") told.push(call.says.joined(name));
    if (presence === "away") told.push(call.says.away(name));
    if (presence === "left") told.push(call.says.left(name));
  }
  const { recording } = now;
  if (recording.lamp !== before.recording.lamp || now.stale !== before.stale) told.push(lamp);
  if (recording.controllerSeatId !== before.recording.controllerSeatId && recording.controllerSeatId !== null) {
    told.push(call.says.controls(recording.controllerName));
  }
  return told;
}
