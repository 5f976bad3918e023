import { Text, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { fullDate } from "../clock/format.ts";
import { whomOf } from "../parts/whom.ts";
import { useWords } from "../words/words.ts";

/** For who comes after the end, or to an interview that was cancelled. */
export function OverBefore({ entry }: { entry: Entry }) {
  const { entrance, call } = useWords();
  const words = entrance.over;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <Title order={1}>{entry.cancelled ? words.cancelled : call.over.ended.title}</Title>
      <Text mt={8}>{entry.cancelled ? words.was(fullDate(entry.startsAt, zone)) : words.kept}</Text>
      <Text mt={8}>{entrance.whom(whomOf(entry))}</Text>
    </>
  );
}
