import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { keepRecording } from "@verbatim/shared/api/call";
import { hosts } from "@verbatim/shared/ids";
import { lampRuns } from "@verbatim/shared/recording/view";
import { useState } from "react";
import { call as callApi } from "../api/call.ts";
import { useNow } from "../clock/use-now.ts";
import { whomOf } from "../parts/whom.ts";
import { useWords } from "../words/words.ts";
import { hostsAbsence, nobodyCame } from "./absence.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";
import { rightsOf } from "./rights.ts";
import type { RecordingControl } from "./use-control.ts";
import { useLamp } from "./use-lamp.ts";

/** The candidate left for good: every staff page asks, and the server pauses the recording when nobody answers. */
export function CandidateGoneBar({ control }: { control: RecordingControl }) {
  const { call: words } = useWords();
  const { recording, entry, seatId } = useCallView();
  const { interviewId, role } = entry;
  const keep = useMutation({
    mutationFn: () => callApi(keepRecording, undefined, { params: { interviewId, role } }),
    retry: 3,
  });
  if (recording.pausesAtMs === undefined) return null;
  return (
    <Bar tone="question">
      {keep.isError ? words.absence.keepFailed : words.absence.candidateLeft(entry.candidateName)}
      {rightsOf(role, seatId, recording).stop && (
        <Button color="danger" loading={control.pending === "stop"} onClick={() => control.ask("stop")}>
          {words.controls.stop}
        </Button>
      )}
      <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>
        {words.absence.keep}
      </Button>
    </Bar>
  );
}

/** Who waits for somebody that is not there reads what to do; the candidate, what the recording does meanwhile, too. */
export function AbsenceBars() {
  const { entry } = useCallView();
  if (entry.role === "candidate") return <HostsAbsentBar />;
  return hosts(entry.role) ? <NobodyCameBar /> : null;
}

function HostsAbsentBar() {
  const { call: words } = useWords();
  const { participants, recording, state, entry } = useCallView();
  const stale = useLamp().mark === "stale";
  const absence = hostsAbsence(participants);
  // Cut off ourselves, we know nothing of others.
  if (!absence || state.session.phase !== "in") return null;
  const { lamp } = recording;
  const recorded = stale
    ? words.absence.unknown
    : lamp === "at_risk"
      ? words.absence.notSafe
      : lampRuns(lamp)
        ? words.absence.recorded
        : words.absence.notRecorded;
  const who = absence.how === "lost" ? words.absence.lost(absence.names.join(", ")) : words.absence.left(whomOf(entry));
  return <Bar tone="attention">{`${who} ${recorded}`}</Bar>;
}

function NobodyCameBar() {
  const { call: words } = useWords();
  const { participants, recording, startsAtMs, state, entry } = useCallView();
  const now = useNow(5_000) + state.clockOffsetMs;
  const [dismissed, setDismissed] = useState(false);
  if (dismissed || !nobodyCame({ participants, lamp: recording.lamp }, startsAtMs, now)) return null;
  return (
    <Bar tone="quiet">
      {words.absence.nobodyCame(entry.candidateName, Math.floor((now - startsAtMs) / 60_000))}
      <Button variant="default" onClick={() => setDismissed(true)}>
        {words.dismiss}
      </Button>
    </Bar>
  );
}
