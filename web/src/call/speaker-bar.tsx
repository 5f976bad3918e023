import { useEffect, useRef } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";
import { useSaid } from "./use-said.ts";

/** Where the sound comes from now, when the speaker that was chosen went or came back: nobody pressed anything for it. */
export function SpeakerBar() {
  const words = useWords().call.deviceMenu;
  const { call } = useCallView();
  const { speakerId, chosen, devices } = useObservable(call.local);
  const before = useRef({ speakerId, chosen: chosen.speaker });
  const [said, say] = useSaid();
  useEffect(() => {
    const was = before.current;
    before.current = { speakerId, chosen: chosen.speaker };
    if (was.speakerId === speakerId || was.chosen !== chosen.speaker) return;
    const label = devices.speakers.find(({ id }) => id === speakerId)?.label ?? "";
    say(speakerId === "" ? words.speakerGone : words.speakerBack(label));
  }, [speakerId, chosen.speaker, devices.speakers, words, say]);
  return said === "" ? null : <Bar tone="quiet">{said}</Bar>;
}
