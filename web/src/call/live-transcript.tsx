import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./rail.module.css";
import { speechNote } from "./speech-note.ts";
import { Suggestions } from "./suggestions.tsx";
import { Transcript } from "./transcript.tsx";

/** The live document's words, with what is to be said about the speech engine. */
export function LiveTranscript({ suggestions = true }: { suggestions?: boolean }) {
  const { call: words } = useWords();
  const { live, participants, recording, entry } = useCallView();
  const speech = live?.view.speech;
  const engine = speech?.engine ?? entry.speech.engine;
  const said = speechNote(speech, entry.speech, words.speech);
  return (
    <div className={styles["live"]} data-live={live?.connection}>
      <p className={styles["speech"]} data-speech={engine} hidden={said === ""}>
        {said}
      </p>
      <Transcript
        segments={live?.view.segments ?? []}
        interim={live?.view.interim ?? []}
        participants={participants}
        empty={recording.startedAtMs === null ? words.rail.notStarted : words.rail.empty}
      />
      {suggestions && <Suggestions />}
    </div>
  );
}
