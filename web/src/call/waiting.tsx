import { Loader, Text, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { Steps } from "../entrance/steps.tsx";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { whomOf } from "../parts/whom.ts";
import { useWords } from "../words/words.ts";
import { fullDate } from "../clock/format.ts";
import { useNow } from "../clock/use-now.ts";

/** Until a host admits, or until the connection stands. */
export function Waiting({ entry, asked, lost }: { entry: Entry; asked: boolean; lost: boolean }) {
  const { entrance, failures } = useWords();
  const words = entrance.wait;
  const now = useNow(5_000);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(now);
  return (
    <DeskFrame narrow>
      {entry.role === "candidate" && <Steps at={2} />}
      <Title order={1}>{asked ? words.title : words.connecting}</Title>
      <div role="status">
        <Text mt={12}>{lost ? failures.unreachable.what : asked ? words.here(entry.hostName) : words.open}</Text>
        {asked && <Text mt={8}>{words.open}</Text>}
        {asked && (
          <Text mt={8} c="dimmed">
            {words.planned(fullDate(entry.startsAt, zone))} {words.clock(time)} {words.whom(whomOf(entry))}
          </Text>
        )}
      </div>
      <Loader mt={20} size="sm" type="dots" aria-hidden />
    </DeskFrame>
  );
}
