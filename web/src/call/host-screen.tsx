import { useState } from "react";
import { ChatPanel } from "../chat/chat-panel.tsx";
import { CandidateGoneBar } from "./absence-bars.tsx";
import { CallFloor } from "./call-floor.tsx";
import { NotRecordingBar } from "./not-recording-bar.tsx";
import { PicturesMissingBar } from "./pictures-missing-bar.tsx";
import { Rail, type RailTab } from "./rail.tsx";
import { RecordingControls } from "./recording-controls.tsx";
import { RefusalBar } from "./refusal-bar.tsx";
import { ReplayInCall } from "./replay-in-call.tsx";
import { SpeechBar } from "./speech-bar.tsx";
import { useControl } from "./use-control.ts";
import { useFreshSuggestions } from "./use-fresh-suggestions.ts";
import { useRoomy, useWide } from "./use-wide.ts";

/** The interviewer's and co-interviewers' call, with the rail at its side. */
export function HostScreen() {
  const wide = useWide();
  const roomy = useRoomy();
  const [open, setOpen] = useState<boolean>();
  const [tab, setTab] = useState<RailTab>("transcript");
  const control = useControl();
  const shown = open ?? wide;
  // Where there is room, suggestions stand below the words.
  const there = wide && tab === "suggestions" ? "transcript" : tab;
  const transcript = shown && (there === "transcript" || roomy) ? "shown" : "away";
  const fresh = useFreshSuggestions(wide ? transcript === "shown" : shown && there === "suggestions");
  const chatOpen = shown && tab === "chat";
  // With the panel the words beside the chat would go, too.
  const closeChat = (): void => (roomy ? setTab("transcript") : setOpen(false));
  const chat = <ChatPanel onClose={closeChat} />;
  return (
    <CallFloor
      rail={{
        open: shown,
        toggle: () => setOpen(!shown),
        fresh,
        content: <Rail suggestions={wide ? "below" : "tab"} tab={there} onTab={setTab} fresh={fresh} chat={chat} />,
      }}
      chat={{
        open: chatOpen,
        toggle: () => {
          if (chatOpen) return closeChat();
          setOpen(true);
          setTab("chat");
        },
      }}
      recording={<RecordingControls control={control} />}
      told={
        <>
          <NotRecordingBar control={control} />
          <PicturesMissingBar />
          <SpeechBar transcript={transcript} />
          <CandidateGoneBar control={control} />
          <RefusalBar control={control} />
          <ReplayInCall />
        </>
      }
    />
  );
}
