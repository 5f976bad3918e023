import { Button } from "@mantine/core";
import type { Participant } from "@verbatim/shared/control/protocol";
import { speaks } from "@verbatim/shared/ids";
import type { RecordingView } from "@verbatim/shared/recording/view";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";
import { rightsOf } from "./rights.ts";
import type { RecordingControl } from "./use-control.ts";

/** Nobody meant it: the candidate had left, and may be back. */
const pausedByItself = ({ lamp, pausedByName }: RecordingView): boolean => lamp === "paused" && pausedByName === "";

/** Two people can hear one another and nothing is kept. Who has not agreed is told of by a bar of its own. */
export function talksUnrecorded(recording: RecordingView, participants: readonly Participant[]): boolean {
  if (recording.lamp !== "off" && recording.lamp !== "closed" && !pausedByItself(recording)) return false;
  const speakers = participants.filter(({ role, presence }) => speaks(role) && presence === "here");
  return (
    speakers.every(({ consented }) => consented) && speakers.filter(({ microphone }) => microphone === "on").length >= 2
  );
}

/** Stays on every staff page until something is recorded: the worst is to learn of it afterwards. */
export function NotRecordingBar({ control }: { control: RecordingControl }) {
  const { call: words } = useWords();
  const { recording, participants, entry, seatId } = useCallView();
  if (!talksUnrecorded(recording, participants)) return null;
  const action = pausedByItself(recording) ? "resume" : "start";
  const may = rightsOf(entry.role, seatId, recording)[action];
  return (
    <Bar tone="attention">
      {words.notRecording[may ? "start" : action === "resume" ? "askResume" : "ask"]}
      {may && (
        <Button color="danger" loading={control.pending === action} onClick={() => control.ask(action)}>
          {words.controls[action]}
        </Button>
      )}
    </Bar>
  );
}
