import { Loader, Text, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { fullDate } from "../clock/format.ts";
import { useNow } from "../clock/use-now.ts";
import { Steps } from "../entrance/steps.tsx";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { OtherDevice } from "../parts/other-device.tsx";
import { whomOf } from "../parts/whom.ts";
import type { CallState } from "../session/call.ts";
import { useWords } from "../words/words.ts";
import { LATE_MS } from "./absence.ts";
import { hostsHere } from "./hosts-here.ts";

type Props = { readonly entry: Entry; readonly state: CallState; readonly atDoor: boolean };

/** Until a host admits, or until the connection stands. Says whether there is a host who knows of it. */
export function Waiting({ entry, state, atDoor }: Props) {
  const { entrance, failures } = useWords();
  const words = entrance.wait;
  const now = useNow(5_000);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(now);
  const { session, room, secondDevice } = state;
  // Cut off, we know nothing of the hosts.
  const connected = session.phase === "waiting";
  const late = atDoor && now + state.clockOffsetMs - Date.parse(entry.startsAt) >= LATE_MS;
  const hosts = hostsHere(room?.participants ?? []);
  return (
    <DeskFrame narrow>
      {entry.role === "candidate" && <Steps at={2} />}
      <Title order={1}>{!connected ? words.connecting : hosts.length > 0 ? words.titleHere : words.title}</Title>
      <div role="status">
        {connected && <Text mt={12}>{hosts.length > 0 ? words.here(hosts) : words.notHere(entry.hostName)}</Text>}
        {connected && secondDevice && <Text mt={8}>{words.secondDevice}</Text>}
        {session.phase === "lost" && <Text mt={12}>{failures.unreachable.what}</Text>}
        {late && hosts.length === 0 && <Text mt={8}>{words.late(whomOf(entry))}</Text>}
        <Text mt={8}>{words.open}</Text>
      </div>
      {/* Not part of the status, which would be read out every minute. */}
      {atDoor && (
        <Text mt={8} c="dimmed">
          {words.planned(fullDate(entry.startsAt, zone))} {words.clock(time)} {words.whom(whomOf(entry))}
        </Text>
      )}
      <Loader mt={20} size="sm" type="dots" aria-hidden />
      {atDoor && <OtherDevice entry={entry} />}
    </DeskFrame>
  );
}
