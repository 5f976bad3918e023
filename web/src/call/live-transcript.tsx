import { useContext } from "react";
import { ShowWordsContext } from "../search/show-words.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { Covered, useShownScreen } from "./covered.tsx";
import styles from "./rail.module.css";
import { LiveMarks } from "./live-marks.tsx";
import { SpeechNote } from "./speech-note.tsx";
import { Suggestions } from "./suggestions.tsx";
import { Transcript } from "./transcript.tsx";

type Props = { readonly suggestions?: boolean; readonly annotations?: boolean };

/** The live document's words, with what stands below them where there is no room beside. */
export function LiveTranscript({ suggestions = true, annotations = true }: Props) {
  const { call: words } = useWords();
  const { live, participants, recording } = useCallView();
  const { shown } = useContext(ShowWordsContext);
  const seen = useShownScreen() !== undefined;
  return (
    <div className={styles["live"]} data-live={live?.connection}>
      <Transcript
        segments={live?.view.segments ?? none}
        interim={live?.view.interim ?? none}
        participants={participants}
        empty={recording.startedAtMs === null ? words.rail.notStarted : words.rail.empty}
        shown={shown}
        note={note}
        seen={seen}
      />
      {(annotations || suggestions) && (
        <Covered>
          {annotations && <LiveMarks />}
          {suggestions && <Suggestions />}
        </Covered>
      )}
    </div>
  );
}

// The same ones at every drawing: the transcript is drawn anew only for words.
const none: never[] = [];
const note = <SpeechNote />;
