import { Button, CopyButton, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { watchNetwork } from "../session/watch-network.ts";
import { useWords } from "../words/words.ts";
import type { Notes } from "./follow-notes.ts";

/** After the call: where the notes are that were not stored when it ended, and a way to take them along. */
export function LastNotes({ notes }: { notes: Notes }) {
  const { notes: words, desk } = useWords();
  const { saved, connection } = useObservable(notes);
  useEffect(() => watchNetwork(window, { changed: notes.hurry, woke: notes.hurry }), [notes]);
  const lost = connection === "refused" || connection === "full";
  return (
    <Group my={12}>
      <Text role="status">{saved ? words.last.saved : lost ? words.last.lost : words.last.saving}</Text>
      {!saved && connection !== "live" && (
        <CopyButton value={notes.text()} timeout={2_000}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? desk.copied : words.last.copy}
            </Button>
          )}
        </CopyButton>
      )}
    </Group>
  );
}
