import { Tabs } from "@mantine/core";
import { type ReactNode, useCallback, useState } from "react";
import { useChat } from "../chat/use-chat.ts";
import { ShownWords } from "../search/shown-words.tsx";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { LiveTranscript } from "./live-transcript.tsx";
import { MarksInCall } from "./marks-in-call.tsx";
import { NotesTab } from "./notes-tab.tsx";
import { People } from "./people.tsx";
import styles from "./rail.module.css";
import { Suggestions } from "./suggestions.tsx";

export type RailTab = "transcript" | "suggestions" | "notes" | "people" | "chat";

type Props = {
  readonly suggestions: "below" | "tab";
  /** Where others open a tab, too, they hold which one it is. */
  readonly tab?: RailTab;
  readonly onTab?: (tab: RailTab) => void;
  readonly chat?: ReactNode;
};

/** Words, notes, people and chat in tabs: the host's panel, and an observer's whole page on a phone, where suggestions get a tab of their own. */
export function Rail({ suggestions, tab, onTab, chat }: Props) {
  const { call: words, chat: chatWords, notes } = useWords();
  const { participants, seatId } = useCallView();
  const unread = useChat(seatId).unread.length;
  const [own, setOwn] = useState<RailTab>("transcript");
  const put = onTab ?? setOwn;
  const toTranscript = useCallback(() => put("transcript"), [put]);
  const present = participants.filter(({ presence }) => presence === "here" || presence === "away").length;
  const panels: Partial<Record<RailTab, { name: string; content: ReactNode; count?: number }>> = {
    transcript: { name: words.rail.transcript, content: <LiveTranscript suggestions={suggestions === "below"} /> },
    ...(suggestions === "tab" ? { suggestions: { name: words.rail.suggestions, content: <Suggestions /> } } : {}),
    notes: { name: notes.title, content: <NotesTab /> },
    people: { name: `${words.rail.people} ${present}`, content: <People /> },
    ...(chat ? { chat: { name: chatWords.title, content: chat, count: unread } } : {}),
  };
  return (
    <ShownWords before={toTranscript}>
      <MarksInCall>
        <Tabs
          value={tab ?? own}
          onChange={(value) => put(value as RailTab)}
          className={styles["tabs"] ?? ""}
          keepMounted={false}
        >
          <Tabs.List grow={suggestions === "tab"}>
            {Object.entries(panels).map(([key, { name, count = 0 }]) => (
              <Tabs.Tab key={key} value={key} aria-label={count > 0 ? chatWords.open(count) : undefined}>
                {name}
                {count > 0 && <b className={styles["unread"]}>{count}</b>}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {Object.entries(panels).map(([key, { content }]) => (
            <Tabs.Panel key={key} value={key} className={styles["fill"] ?? ""}>
              {content}
            </Tabs.Panel>
          ))}
        </Tabs>
      </MarksInCall>
    </ShownWords>
  );
}
