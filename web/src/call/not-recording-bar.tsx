import { Button } from "@mantine/core";
import type { Participant } from "@verbatim/shared/control/protocol";
import { speaks } from "@verbatim/shared/ids";
import type { ControlAction } from "@verbatim/shared/recording/state";
import type { RecordingView } from "@verbatim/shared/recording/view";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";
import { rightsOf } from "./rights.ts";
import type { RecordingControl } from "./use-control.ts";

/** What takes the recording up again, or begins it; nothing while it runs. */
const wayBack = {
  off: "start",
  closed: "start",
  paused: "resume",
  stopped: "undo_stop",
  starting: undefined,
  safe: undefined,
  behind: undefined,
  at_risk: undefined,
} as const satisfies Record<RecordingView["lamp"], ControlAction | undefined>;

/**
 * Two people can hear one another and nothing is kept, whoever wanted it so: a pause is forgotten as easily as Start. Who
 * mutes for a moment still talks with the other; who has not agreed is told of by a bar of its own.
 */
export function talksUnrecorded(recording: RecordingView, participants: readonly Participant[]): boolean {
  if (wayBack[recording.lamp] === undefined) return false;
  const speakers = participants.filter(({ role, presence }) => speaks(role) && presence === "here");
  return (
    speakers.every(({ consented }) => consented) &&
    speakers.filter(({ microphone }) => microphone !== "none").length >= 2
  );
}

/** Stays on every staff page until something is recorded: the worst is to learn of it afterwards. */
export function NotRecordingBar({ control }: { control: RecordingControl }) {
  const { call: words } = useWords();
  const { recording, participants, entry, seatId } = useCallView();
  const action = wayBack[recording.lamp];
  if (action === undefined || !talksUnrecorded(recording, participants)) return null;
  const rights = rightsOf(entry.role, seatId, recording);
  const may = { start: rights.start, resume: rights.resume, undo_stop: rights.undo }[action];
  return (
    <Bar tone="attention">
      {words.notRecording[may ? "may" : "asks"][action]}
      {may && (
        <Button color="danger" loading={control.pending === action} onClick={() => control.ask(action)}>
          {words.controls[action === "undo_stop" ? "undo" : action]}
        </Button>
      )}
    </Bar>
  );
}
