import { Text, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { useState } from "react";
import { fullDate } from "../clock/format.ts";
import { keepsMarks } from "../marks/kept-place.ts";
import { LastMarksPlace } from "../marks/last-marks-place.tsx";
import { whomOf } from "../parts/whom.ts";
import { useWords } from "../words/words.ts";

/** For who comes after the end, or to an interview that was cancelled. */
export function OverBefore({ entry }: { entry: Entry }) {
  const { entrance, call } = useWords();
  const words = entrance.over;
  const [keeps] = useState(() => keepsMarks(entry));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <Title order={1}>{entry.cancelled ? words.cancelled : call.over.ended.title}</Title>
      <Text mt={8}>{entry.cancelled ? words.was(fullDate(entry.startsAt, zone)) : words.kept}</Text>
      {keeps && <LastMarksPlace entry={entry} />}
      <Text mt={8}>{entrance.whom(whomOf(entry))}</Text>
    </>
  );
}
