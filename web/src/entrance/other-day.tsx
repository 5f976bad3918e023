import { Text } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { useState } from "react";
import { fullDate } from "../clock/format.ts";
import { whomOf } from "../parts/whom.ts";
import { useWords } from "../words/words.ts";
import styles from "./entrance.module.css";
import { plannedNote } from "./planned.ts";

/** For who is past the welcome, or never sees it: when the interview is, whom to ask. Nothing on its own day; a host knows. */
export function OtherDay({ entry }: { entry: Entry }) {
  const { entrance } = useWords();
  const words = entrance.welcome;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [openedMs] = useState(Date.now);
  const note = plannedNote(entry, openedMs, zone);
  if (note === "none" || entry.role === "interviewer") return null;
  return (
    <Text role="note" aria-label={words.when}>
      <strong className={styles["planned"]}>
        {words.plannedFor(fullDate(entry.startsAt, zone))}{" "}
        {words.planned[note](entry.movedFrom === null ? "" : fullDate(entry.movedFrom, zone))}
      </strong>
      {entrance.whom(whomOf(entry))}
    </Text>
  );
}
