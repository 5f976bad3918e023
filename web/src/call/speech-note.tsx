import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { speechNote } from "./speech-note.ts";

/** What is to be said about the speech engine, if anything. */
export function SpeechNote() {
  const { call: words } = useWords();
  const { live, entry } = useCallView();
  const speech = live?.view.speech;
  const said = speechNote(speech, entry.speech, words.speech);
  return (
    <p data-speech={speech?.engine ?? entry.speech.engine} hidden={said === ""}>
      {said}
    </p>
  );
}
