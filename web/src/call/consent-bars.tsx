import { Button, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { giveConsent } from "@verbatim/shared/api/call";
import type { Notice } from "@verbatim/shared/api/notice";
import type { Participant } from "@verbatim/shared/control/protocol";
import { speaks } from "@verbatim/shared/ids";
import { lampRuns } from "@verbatim/shared/recording/view";
import { call as callApi } from "../api/call.ts";
import { codeOf, worthRetrying } from "../api/failure.ts";
import { entryQuery } from "../api/queries.ts";
import { clockOf } from "../clock/format.ts";
import { remedyOf } from "../parts/fault.tsx";
import { NoticeText } from "../parts/notice-text.tsx";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** Who does not agree to be recorded, told to staff; and to that person, with the way back. */
export function ConsentBars() {
  const { participants, seatId, entry } = useCallView();
  return participants
    .filter(({ role, presence, consented }) => speaks(role) && presence !== "left" && !consented)
    .map((person) => {
      if (person.seatId === seatId) return <OwnBar key={person.seatId} />;
      return entry.role === "candidate" ? null : <OthersBar key={person.seatId} person={person} />;
    });
}

/** Answers the notice from within the call. */
export function useConsent() {
  const { entry } = useCallView();
  const { interviewId, role, notice } = entry;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (accepted: boolean) =>
      callApi(giveConsent, { version: notice.version, accepted }, { params: { interviewId, role } }),
    retry: (tries, thrown) => tries < 3 && worthRetrying(thrown),
    onError: (thrown) => {
      if (codeOf(thrown) === "notice.changed") void client.invalidateQueries(entryQuery(interviewId, role));
    },
  });
}

function OwnBar() {
  const words = useWords();
  const { entry } = useCallView();
  const agree = useConsent();
  if (codeOf(agree.error) === "notice.changed") {
    return <NoticeAgain notice={entry.notice} onAgree={() => agree.mutate(true)} onClose={agree.reset} />;
  }
  return (
    <Bar tone="quiet">
      {agree.isError
        ? remedyOf(agree.error, words).remedy.what
        : entry.role === "candidate"
          ? words.call.consent.own(entry.hostName)
          : words.call.consent.ownStaff}
      <Button variant="default" loading={agree.isPending} onClick={() => agree.mutate(true)}>
        {words.call.consent.again}
      </Button>
    </Bar>
  );
}

/** What somebody agrees to in the call they have read: a notice that is another by now is shown first. */
function NoticeAgain({ notice, onAgree, onClose }: { notice: Notice; onAgree: () => void; onClose: () => void }) {
  const { call: words, failures, entrance } = useWords();
  const { what, still, now } = failures.codes["notice.changed"];
  return (
    <Modal
      opened
      onClose={onClose}
      title={entrance.welcome.recorded}
      closeButtonProps={{ "aria-label": words.dismiss }}
    >
      <Text fw={600}>
        {what} {still} {now}
      </Text>
      <NoticeText notice={notice} />
      <Button onClick={onAgree}>{entrance.welcome.agree}</Button>
    </Modal>
  );
}

function OthersBar({ person }: { person: Participant }) {
  const { call: words } = useWords();
  const { recording } = useCallView();
  const { consent } = words;
  const paused = recording.lamp === "paused";
  return (
    <Bar tone="attention">
      {lampRuns(recording.lamp)
        ? consent.leftOut(person.name)
        : paused
          ? consent.withdrew(person.name, clockOf(recording.heldAtMs ?? recording.onServerMs))
          : consent.declined(person.name)}
    </Bar>
  );
}
