import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { LocalMedia, Source } from "../media/local-media.ts";
import { watchMutedSpeech } from "../media/muted-speech.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";
import { useSaid } from "./use-said.ts";

/** What a person has to know of their own microphone: the most urgent of it. */
export function MicrophoneBar() {
  const { call: words } = useWords();
  const { call, entry } = useCallView();
  const { microphone, silenced, muted } = useObservable(call.local);
  const asked = useObservable(call.asked);
  const speakingMuted = useMutedSpeech(call.local);
  const changedTo = useNewMicrophone(microphone);
  // Who unmutes, by whichever way, has answered.
  useEffect(() => {
    if (!muted) call.answerAsked();
  }, [call, muted]);
  if (entry.role === "observer") return null;
  if (microphone.state === "failed") return <Bar tone="attention">{words.mic[microphone.why]}</Bar>;
  if (silenced) return <Bar tone="attention">{words.mic.silenced}</Bar>;
  if (asked && muted) {
    return (
      <Bar tone={asked.muted ? "attention" : "question"}>
        {asked.muted ? words.mic.mutedBy(asked.byName) : words.mic.unmuteAsked(asked.byName)}
        <Button onClick={() => call.local.setMuted(false)}>{words.controls.unmute}</Button>
        <Button variant="default" onClick={call.answerAsked}>
          {asked.muted ? words.dismiss : words.mic.notNow}
        </Button>
      </Bar>
    );
  }
  if (speakingMuted) {
    return (
      <Bar tone="quiet">
        {words.mic.speakingMuted}
        <Button onClick={() => call.local.setMuted(false)}>{words.controls.unmute}</Button>
      </Bar>
    );
  }
  if (changedTo) return <Bar tone="quiet">{words.deviceMenu.now(changedTo)}</Bar>;
  return null;
}

function useMutedSpeech(local: LocalMedia): boolean {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => watchMutedSpeech(local, setSpeaking), [local]);
  return speaking;
}

/** The name of a microphone that has come into use since the last one, for a few seconds. */
function useNewMicrophone(microphone: Source): string {
  const label = microphone.state === "live" ? microphone.label : "";
  const before = useRef(label);
  const [said, say] = useSaid();
  useEffect(() => {
    if (label === "" || label === before.current) return;
    const first = before.current === "";
    before.current = label;
    if (!first) say(label);
  }, [label, say]);
  return said;
}
