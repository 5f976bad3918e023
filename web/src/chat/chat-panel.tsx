import { Button, Textarea } from "@mantine/core";
import { type ChatMessage, chatLimits } from "@verbatim/shared/api/chat";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useCallView } from "../call/call-view.ts";
import { timeOf } from "../clock/format.ts";
import { useObservable } from "../observable/use-observable.ts";
import { sideOf } from "../parts/side-of.ts";
import { useWords } from "../words/words.ts";
import styles from "./chat.module.css";
import { type Chat, useChat } from "./use-chat.ts";

/** What was written, and the line to write. Esc closes it where it can be closed. */
export function ChatPanel({ onClose }: { onClose: () => void }) {
  const { chat: words } = useWords();
  const { seatId } = useCallView();
  const { messages, unsent, chat } = useChat(seatId);
  const list = useRef<HTMLDivElement>(null);
  const last = messages.at(-1)?.seq ?? 0;
  useEffect(() => chat.markRead(last), [chat, last]);
  useLayoutEffect(() => {
    const box = list.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, [last, unsent.length]);

  return (
    <section
      className={styles["panel"]}
      aria-label={words.title}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard */}
      <div ref={list} className={styles["list"]} role="log" aria-label={words.title} tabIndex={0}>
        {messages.length + unsent.length === 0 && <p className={styles["quiet"]}>{words.empty}</p>}
        {messages.map((message) => (
          <Message key={message.id} message={message} own={message.seatId === seatId} />
        ))}
        {unsent.map(({ id, text, failed }) => (
          <div key={id} className={styles["message"]} data-own data-unsent={failed ? "failed" : "sending"}>
            <p>{text}</p>
            <small>{failed ? words.notSent : words.sending}</small>
            {failed && (
              <Button variant="default" onClick={() => chat.log.again(id)}>
                {words.again}
              </Button>
            )}
          </div>
        ))}
      </div>
      <WriteLine chat={chat} />
    </section>
  );
}

function Message({ message, own }: { message: ChatMessage; own: boolean }) {
  const { chat: words } = useWords();
  return (
    <div
      className={styles["message"]}
      data-message={message.seq}
      data-own={own || undefined}
      data-side={sideOf(message.role)}
    >
      <small>
        <strong>{own ? words.you : message.name}</strong> {timeOf(message.atMs)}
      </small>
      <p>{message.text}</p>
    </div>
  );
}

function WriteLine({ chat }: { chat: Chat }) {
  const { chat: words } = useWords();
  const text = useObservable(chat.draft);
  const line = useRef<HTMLTextAreaElement>(null);
  // One writes on behind what one had written; a browser begins before it.
  useEffect(() => line.current?.setSelectionRange(line.current.value.length, line.current.value.length), []);
  const over = text.trim().length - chatLimits.letters;
  const submit = (): void => {
    if (text.trim() === "" || over > 0) return;
    chat.log.say(text.trim());
    chat.write("");
  };
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Textarea
        ref={line}
        aria-label={words.write}
        placeholder={words.write}
        autosize
        minRows={1}
        maxRows={4}
        size="md"
        autoFocus
        value={text}
        error={over > 0 ? words.tooLong(over) : undefined}
        onChange={(event) => chat.write(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Half-composed letters end with Enter too, in languages that are written so.
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <Button type="submit" disabled={text.trim() === "" || over > 0}>
        {words.send}
      </Button>
      <small>{words.kept}</small>
    </form>
  );
}
