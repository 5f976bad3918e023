import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./rail.module.css";
import { Suggestions } from "./suggestions.tsx";
import { Transcript } from "./transcript.tsx";

/** The live document's words, with what is to be said about the speech engine. */
export function LiveTranscript({ suggestions = true }: { suggestions?: boolean }) {
  const { call: words } = useWords();
  const { live, participants, recording, entry } = useCallView();
  const speech = live?.view.speech;
  const engine = speech?.engine ?? entry.speech.engine;
  const said =
    (speech?.state ?? (engine === "none" ? "off" : "on")) === "off"
      ? words.speech.off(speech?.reason ?? entry.speech.reason)
      : speech?.state === "connecting"
        ? words.speech.connecting(speech.reason)
        : engine === "offline"
          ? words.speech.offline
          : "";
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
