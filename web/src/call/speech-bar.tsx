import { Button } from "@mantine/core";
import { lampRuns } from "@verbatim/shared/recording/view";
import { useState } from "react";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";
import { speechStopped } from "./speech-note.ts";

/** Staff whose transcript is not in view learn here that no words come; with it in view, its foot says so. Hidden, it comes again with other words. */
export function SpeechBar({ transcript }: { transcript: "shown" | "away" }) {
  const { call: words } = useWords();
  const { live, entry, recording } = useCallView();
  const [hidden, setHidden] = useState("");
  const heard = live?.connection === "live" && lampRuns(recording.lamp);
  const said = heard ? speechStopped(live.view.speech, entry.speech, words.speech) : "";
  if (heard && said === "" && hidden !== "") setHidden("");
  if (said === "" || said === hidden || transcript === "shown") return null;
  return (
    <Bar tone="quiet">
      {said}
      <Button variant="default" onClick={() => setHidden(said)}>
        {words.speech.hide}
      </Button>
    </Bar>
  );
}
