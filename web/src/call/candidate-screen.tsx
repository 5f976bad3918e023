import { useState } from "react";
import { ChatPanel } from "../chat/chat-panel.tsx";
import { CallFloor } from "./call-floor.tsx";

/** The candidate's call: no suggestions, at the side nothing but the chat, and of the recording's controls the one that everybody who speaks has. */
export function CandidateScreen() {
  const [open, setOpen] = useState(false);
  return (
    <CallFloor
      rail={{ open, content: <ChatPanel onClose={() => setOpen(false)} /> }}
      chat={{ open, toggle: () => setOpen(!open) }}
    />
  );
}
