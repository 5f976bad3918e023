import { useState } from "react";
import { ChatPanel } from "../chat/chat-panel.tsx";
import { CallFloor } from "./call-floor.tsx";
import { StopRecordingMe } from "./stop-recording-me.tsx";

/** The candidate's call: no suggestions, at the side nothing but the chat, and of the recording's controls the one that nobody can take. */
export function CandidateScreen() {
  const [open, setOpen] = useState(false);
  return (
    <CallFloor
      recording={<StopRecordingMe />}
      rail={{ open, content: <ChatPanel onClose={() => setOpen(false)} /> }}
      chat={{ open, toggle: () => setOpen(!open) }}
    />
  );
}
