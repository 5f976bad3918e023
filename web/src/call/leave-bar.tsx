import { Button } from "@mantine/core";
import { isStaff } from "@verbatim/shared/ids";
import { lampRuns } from "@verbatim/shared/recording/view";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { type CallView, useCallView } from "./call-view.ts";

/** Whoever leaves with the control of a recording in their hands is asked to pass it on first. */
export const leavesControl = ({ recording, seatId }: Pick<CallView, "recording" | "seatId">): boolean =>
  recording.controllerSeatId === seatId && (lampRuns(recording.lamp) || recording.lamp === "paused");

export function LeaveBar({ onAnswered }: { onAnswered: (() => void) | undefined }) {
  const { call: words } = useWords();
  const view = useCallView();
  const { call, participants, seatId } = view;
  // Somebody took over meanwhile: nothing is left to ask.
  const asks = leavesControl(view);
  const others = participants.filter(
    (person) => person.seatId !== seatId && isStaff(person.role) && person.presence === "here",
  );
  return (
    <Bar tone="attention">
      {!asks
        ? words.leave.free
        : others.length > 0
          ? words.leave.handOver(others.map(({ name }) => name))
          : words.leave.nobody}
      <Button onClick={() => call.leave()}>{words.leave.yes}</Button>
      <Button variant="default" onClick={onAnswered}>
        {words.leave.no}
      </Button>
    </Bar>
  );
}
