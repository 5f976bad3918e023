import { SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { InterviewState, Review } from "@verbatim/shared/api/interviews";
import { useEffect, useState } from "react";
import type { z } from "zod";
import { meQuery, reviewQuery } from "../api/queries.ts";
import { clockOf } from "../clock/format.ts";
import { Fault } from "../parts/fault.tsx";
import { useCode } from "../parts/use-code.ts";
import { WithCode } from "../parts/with-code.tsx";
import { useWords } from "../words/words.ts";
import { Coverage } from "./coverage.tsx";
import { Downloads } from "./downloads.tsx";
import { KeptChat } from "./kept-chat.tsx";
import { createPlayback } from "./playback.ts";
import { filesOf } from "./files.ts";
import { KeptSuggestions } from "./kept-suggestions.tsx";
import { morePictures } from "./pictures/more-pictures.ts";
import { Pictures } from "./pictures/pictures.tsx";
import type { MarkStore } from "../marks/mark-store.ts";
import { marksAfterCall } from "../marks/mark-stores.ts";
import { MarksPanel } from "../marks/marks-panel.tsx";
import { Player } from "./player.tsx";
import styles from "./review.module.css";
import { ReviewMarks } from "./review-marks.tsx";
import { ReviewTranscript } from "./review-transcript.tsx";
import { useMoments } from "./use-moments.ts";
import { useOwned } from "../observable/use-owned.ts";
import { ReplayBar } from "../replay/replay-bar.tsx";
import { type Sound, useSound } from "./use-sound.ts";

// The editor comes when the recording is on the page.
const loadNotes = () => import("./review-notes.tsx");

export type ReviewOf = z.infer<typeof Review>;

/** The recordings of an interview: hear them, read them, see what is missing, take them along. */
export function ReviewSection({ interviewId, state }: { interviewId: string; state: InterviewState }) {
  const { data: me } = useQuery(meQuery);
  return me ? <Reviews key={me.userId} interviewId={interviewId} state={state} me={me} /> : null;
}

type Me = { readonly userId: string; readonly name: string };

function Reviews({ interviewId, state, me }: { interviewId: string; state: InterviewState; me: Me }) {
  const { review: words } = useWords();
  const store = useOwned(() => marksAfterCall(interviewId, me));
  const unfinished = state === "recording" || state === "making";
  const reviews = useQuery({
    ...reviewQuery(interviewId),
    // The speakers' files come a little after the master, and so do pictures.
    refetchInterval: ({ state: { data } }) =>
      unfinished ||
      data?.recordings.some(
        (one) => (one.masterKey !== null && one.tracks.length === 0) || morePictures(one, Date.now()),
      )
        ? 2_000
        : false,
  });
  const [chosen, setChosen] = useState<string>();
  const recordings = reviews.data?.recordings ?? [];
  const last = recordings.at(-1);
  // Who listens to a part keeps it when the next one begins.
  if (chosen === undefined && last) setChosen(last.recordingId);
  const shown = recordings.find(({ recordingId }) => recordingId === chosen) ?? last;
  const notes = useCode(loadNotes);
  const { moments, onSound } = useMoments(recordings, shown, setChosen);

  if (reviews.isPending) return <Skeleton height={420} radius={10} />;
  if (!shown && reviews.isError) return <Fault thrown={reviews.error} again={() => void reviews.refetch()} />;
  return (
    <>
      {shown && recordings.length > 1 && (
        <SegmentedControl
          mb={12}
          aria-label={words.parts}
          value={shown.recordingId}
          onChange={setChosen}
          data={recordings.map(({ recordingId, part }) => ({ value: recordingId, label: words.part(part) }))}
        />
      )}
      {shown && store && (
        <OneReview key={shown.recordingId} interviewId={interviewId} review={shown} store={store} onSound={onSound} />
      )}
      <WithCode code={notes} waiting={<Skeleton height={560} radius={10} />}>
        {({ ReviewNotes }) => <ReviewNotes interviewId={interviewId} moments={moments} />}
      </WithCode>
      <KeptChat chat={reviews.data?.chat ?? []} />
    </>
  );
}

type OneProps = {
  readonly interviewId: string;
  readonly review: ReviewOf;
  readonly store: MarkStore;
  /** Told when there is one, and what plays has it. */
  readonly onSound: (sound: Sound) => void;
};

function OneReview({ interviewId, review, store, onSound }: OneProps) {
  const { review: words, marks } = useWords();
  const playback = useOwned(createPlayback);
  const { sound, replay } = useSound(interviewId, review, playback);
  useEffect(() => {
    if (sound) onSound(sound);
  }, [sound, onSound]);
  const files = filesOf(interviewId, review.recordingId);
  const pictured = review.pictures.some(({ pieces }) => pieces.length > 0);
  if (!playback || !sound || !replay) return null;
  return (
    <section
      className={styles["review"]}
      aria-label={words.player}
      data-recording={review.recordingId}
      data-state={review.state}
    >
      <div className={styles["top"]}>
        <p className={styles["state"]}>
          <strong>{words.states[review.state]}</strong> · {clockOf(review.durationMs)} ·{" "}
          {pictured ? words.pictures.recorded : words.pictures.soundOnly}
        </p>
        <Downloads files={files} review={review} />
      </div>
      {review.masterKey !== null ? (
        <>
          <Pictures playback={playback} review={review} />
          <Player key={review.masterKey} playback={playback} src={files.master(review.masterKey)} review={review} />
        </>
      ) : (
        <div className={styles["notYet"]}>
          <p>{words.notYet}</p>
          <ReplayBar replay={replay} />
        </div>
      )}
      <ReviewMarks store={store} interviewId={interviewId} review={review} sound={sound}>
        <div className={styles["columns"]}>
          <ReviewTranscript
            playback={playback}
            segments={review.segments}
            part={review.part}
            playable={review.masterKey !== null}
          />
          <div>
            <section className={styles["marks"]} aria-label={marks.title}>
              <h2>{marks.title}</h2>
              <MarksPanel />
            </section>
            <Coverage review={review} playback={playback} />
            <KeptSuggestions suggestions={review.suggestions} sound={sound} />
          </div>
        </div>
      </ReviewMarks>
    </section>
  );
}
