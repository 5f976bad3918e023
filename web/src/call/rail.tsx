import { Tabs } from "@mantine/core";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { LiveTranscript } from "./live-transcript.tsx";
import { People } from "./people.tsx";
import styles from "./rail.module.css";
import { Suggestions } from "./suggestions.tsx";

/** Words and people in tabs: the host's panel, and an observer's whole page on a phone, where suggestions get a tab of their own. */
export function Rail({ suggestions }: { suggestions: "below" | "tab" }) {
  const { call: words } = useWords();
  const { participants } = useCallView();
  const present = participants.filter(({ presence }) => presence === "here" || presence === "away").length;
  const panels = {
    transcript: { name: words.rail.transcript, content: <LiveTranscript suggestions={suggestions === "below"} /> },
    ...(suggestions === "tab" ? { suggestions: { name: words.rail.suggestions, content: <Suggestions /> } } : {}),
    people: { name: `${words.rail.people} ${present}`, content: <People /> },
  };
  return (
    <Tabs defaultValue="transcript" className={styles["tabs"] ?? ""} keepMounted={false}>
      <Tabs.List grow={suggestions === "tab"}>
        {Object.entries(panels).map(([key, { name }]) => (
          <Tabs.Tab key={key} value={key}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {Object.entries(panels).map(([key, { content }]) => (
        <Tabs.Panel key={key} value={key} className={styles["fill"] ?? ""}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
