import { takeNotesTicket } from "@verbatim/shared/api/notes";
import type { WhichNotes } from "@verbatim/shared/document/notes";
import { useCallback, useContext, useMemo } from "react";
import { call } from "../api/call.ts";
import type { SegmentView } from "../document/live-view.ts";
import type { Moment, Moments } from "../notes/moment.ts";
import { NotesPanel } from "../notes/notes-panel.tsx";
import { NotesShelfContext } from "../notes/notes-shelf.ts";
import { ReplayContext } from "../replay/replay-context.ts";
import { ShowWordsContext } from "../search/show-words.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { positionMs } from "./lamp-view.ts";

const none: readonly SegmentView[] = [];

/** Notes in the call: a moment is where the recording stands, and pressing one shows the words there and plays them. */
export function CallNotes() {
  const { notes: words } = useWords();
  const { entry, live, recording, state } = useCallView();
  const { show } = useContext(ShowWordsContext);
  const replay = useContext(ReplayContext);
  const shelf = useContext(NotesShelfContext);
  const { interviewId, role } = entry;
  const takeTicket = useCallback(
    (which: WhichNotes) => (signal: AbortSignal) =>
      call(takeNotesTicket, { which }, { params: { interviewId, role }, signal }),
    [interviewId, role],
  );
  const segments = live?.view.segments ?? none;
  const { clockOffsetMs } = state;
  const moments = useMemo<Moments>(
    () => ({
      now: () => {
        const atMs = positionMs(recording, Date.now() + clockOffsetMs);
        return atMs === null || recording.startedAtMs === null
          ? undefined
          : { atMs: Math.round(atMs), startedAtMs: recording.startedAtMs };
      },
      show: (moment) => {
        const found = wordAt(segments, moment, moment.startedAtMs === recording.startedAtMs);
        if (found) show(found);
        const { atMs, startedAtMs } = moment;
        replay?.play({ of: { startedAtMs }, fromMs: atMs });
      },
      label: words.playFrom,
    }),
    [recording, clockOffsetMs, segments, show, replay, words],
  );
  if (!shelf) return null;
  return <NotesPanel shelf={shelf} takeTicket={takeTicket} moments={moments} lasting={entry.account === true} />;
}

/** The word that was being said, or the last one before. Of an earlier part of the interview, the one just before this. */
function wordAt(segments: readonly SegmentView[], { atMs }: Moment, thisPart: boolean) {
  const last = segments.at(-1)?.part ?? 1;
  const before = segments
    .filter(({ part, startMs }) => startMs <= atMs && (thisPart ? part === last : part === last - 1))
    .toSorted((a, b) => a.startMs - b.startMs)
    .at(-1);
  if (!before) return undefined;
  const from = Math.max(
    0,
    before.words.findLastIndex(({ startMs }) => startMs <= atMs),
  );
  return { segmentId: before.id, from, to: from + 1 };
}
