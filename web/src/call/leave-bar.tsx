import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { handOver } from "@verbatim/shared/api/call";
import type { Participant } from "@verbatim/shared/control/protocol";
import { isStaff, type SeatId } from "@verbatim/shared/ids";
import { lampRuns } from "@verbatim/shared/recording/view";
import { IconChevronDown } from "@tabler/icons-react";
import { call as callApi } from "../api/call.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { type CallView, useCallView } from "./call-view.ts";

/** Whoever leaves with the control of a recording in their hands is asked to pass it on first. */
export const leavesControl = ({ recording, seatId }: Pick<CallView, "recording" | "seatId">): boolean =>
  recording.controllerSeatId === seatId && (lampRuns(recording.lamp) || recording.lamp === "paused");

/** More people than this are a menu: their buttons would cover a phone. */
const MOST_BUTTONS = 2;

export function LeaveBar({ onAnswered }: { onAnswered: (() => void) | undefined }) {
  const words = useWords();
  const view = useCallView();
  const { call, participants, seatId, recording, entry } = view;
  const { interviewId, role } = entry;
  const give = useMutation({
    mutationFn: (to: SeatId) =>
      callApi(handOver, { seatId: to, epoch: recording.epoch }, { params: { interviewId, role } }),
    // Refused, the person is still here, and reads why.
    onSuccess: () => call.leave(),
  });
  // Somebody took over meanwhile: nothing is left to ask.
  const asks = leavesControl(view) || give.isPending;
  const others = participants.filter(
    (person) => person.seatId !== seatId && isStaff(person.role) && person.presence === "here",
  );
  const { leave } = words.call;
  return (
    <Bar tone="attention">
      {give.isError
        ? remedyOf(give.error, words).remedy.what
        : !asks
          ? leave.free
          : others.length > 0
            ? leave.handOver
            : leave.nobody}
      {asks && <Heirs people={others} pending={give.isPending ? give.variables : undefined} onGive={give.mutate} />}
      <Button variant={asks && others.length > 0 ? "default" : "filled"} onClick={() => call.leave()}>
        {leave.yes}
      </Button>
      <Button variant="default" onClick={onAnswered}>
        {leave.no}
      </Button>
    </Bar>
  );
}

type HeirsProps = {
  readonly people: readonly Participant[];
  readonly pending: SeatId | undefined;
  readonly onGive: (to: SeatId) => void;
};

/** One button for each, or one menu. */
function Heirs({ people, pending, onGive }: HeirsProps) {
  const { leave } = useWords().call;
  if (people.length <= MOST_BUTTONS) {
    return people.map(({ seatId, name }) => (
      <Button
        key={seatId}
        loading={pending === seatId}
        disabled={pending !== undefined && pending !== seatId}
        onClick={() => onGive(seatId)}
      >
        {leave.handTo(name)}
      </Button>
    ));
  }
  return (
    // Its placeholder is no item, and a menu has no others in it.
    <Menu transitionProps={{ duration: 100 }} keepMounted={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button loading={pending !== undefined} rightSection={<IconChevronDown size={16} />}>
          {leave.handToOne}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {people.map(({ seatId, name }) => (
          <Menu.Item key={seatId} py={12} onClick={() => onGive(seatId)}>
            {leave.handTo(name)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
