import { Tabs } from "@mantine/core";
import { type ReactNode, useCallback } from "react";
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
import { useRoomy } from "./use-wide.ts";

export type RailTab = "transcript" | "suggestions" | "notes" | "people" | "chat";

type Props = {
  readonly suggestions: "below" | "tab";
  /** The screen holds which tab is open: others open one, too, and what is not in view is told elsewhere. */
  readonly tab: RailTab;
  readonly onTab: (tab: RailTab) => void;
  /** How many suggestions came while they were not in view. */
  readonly fresh: number;
  readonly chat?: ReactNode;
};

type Tab = {
  readonly name: string;
  readonly content: ReactNode;
  /** What came in it unseen, and its name with that for ears. */
  readonly count?: number;
  readonly told?: string;
};

/** Words, notes, people and chat in tabs: the host's panel, and an observer's whole page on a phone, where suggestions get a tab of their own. */
export function Rail({ suggestions, tab, onTab, fresh, chat }: Props) {
  const { call: words, chat: chatWords, notes } = useWords();
  const { participants, seatId } = useCallView();
  const unread = useChat(seatId).unread.length;
  const toTranscript = useCallback(() => onTab("transcript"), [onTab]);
  const present = participants.filter(({ presence }) => presence === "here" || presence === "away").length;
  const below = suggestions === "below";
  const roomy = useRoomy() && below;
  const counted = (name: string) => ({ name, count: fresh, told: words.rail.fresh(name, fresh) });
  const { transcript } = words.rail;
  const panels: Partial<Record<RailTab, Tab>> = {
    transcript: {
      ...(below ? counted(transcript) : { name: transcript }),
      content: <LiveTranscript suggestions={below} />,
    },
    ...(below ? {} : { suggestions: { ...counted(words.rail.suggestions), content: <Suggestions /> } }),
    notes: { name: notes.title, content: <NotesTab /> },
    people: { name: `${words.rail.people} ${present}`, content: <People /> },
    ...(chat ? { chat: { name: chatWords.title, content: chat, count: unread, told: chatWords.open(unread) } } : {}),
  };
  return (
    <ShownWords before={roomy ? undefined : toTranscript}>
      <MarksInCall>
        <Tabs
          value={tab}
          onChange={(value) => onTab(value as RailTab)}
          className={styles["tabs"] ?? ""}
          keepMounted={false}
          keepMountedMode="display-none"
          data-beside={(roomy && tab !== "transcript") || undefined}
        >
          <Tabs.List grow={!below}>
            {Object.entries(panels).map(([key, { name, count = 0, told }]) => (
              <Tabs.Tab key={key} value={key} aria-label={count > 0 ? told : undefined}>
                {/* The space is for ears: what is read aloud contains what is seen, word for word. */}
                {name} {count > 0 && <b className={styles["unread"]}>{count}</b>}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {Object.entries(panels).map(([key, { content }]) => (
            <Tabs.Panel
              key={key}
              value={key}
              keepMounted={roomy && key === "transcript"}
              className={styles[roomy && key === "transcript" ? "stays" : "fill"] ?? ""}
            >
              {content}
            </Tabs.Panel>
          ))}
        </Tabs>
      </MarksInCall>
    </ShownWords>
  );
}
