import { Button } from "@mantine/core";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Bar } from "../call/bar.tsx";
import { useCallView } from "../call/call-view.ts";
import { useWords } from "../words/words.ts";
import { useChat } from "./use-chat.ts";

const SHOWN_LETTERS = 160;

/** The newest message that one has not read, over the stage: whoever writes because sound fails must be noticed. */
export function ChatBar({ onOpen }: { onOpen: () => void }) {
  const { chat: words } = useWords();
  const { seatId } = useCallView();
  const { unread } = useChat(seatId);
  const newest = unread.at(-1);
  if (!newest) return null;
  const text = newest.text.length > SHOWN_LETTERS ? `${newest.text.slice(0, SHOWN_LETTERS)}…` : newest.text;
  return (
    <Bar tone="quiet">
      {words.wrote(newest.name, text)}
      <Button variant="default" onClick={onOpen}>
        {words.read}
      </Button>
    </Bar>
  );
}

/** Reads new messages of others aloud while the chat is closed; open, its list does. */
export function ChatAnnouncer() {
  const { chat: words } = useWords();
  const { seatId } = useCallView();
  const newest = useChat(seatId).unread.at(-1);
  const before = useRef<number>(undefined);
  const [said, setSaid] = useState("");
  const tell = useEffectEvent(() => {
    if (newest && newest.seq !== before.current) setSaid(words.wrote(newest.name, newest.text));
    before.current = newest?.seq;
  });
  useEffect(() => tell(), [newest?.seq]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
