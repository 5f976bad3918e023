import { Button } from "@mantine/core";
import type { Participant } from "@verbatim/shared/control/protocol";
import { hosts, speaks } from "@verbatim/shared/ids";
import { useEffect, useState } from "react";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** Who came to speak and has no microphone, told to hosts: such a person waits for no question and gives no answer by voice. */
export function NoMicrophoneBars() {
  const { participants, seatId, entry } = useCallView();
  if (!hosts(entry.role)) return null;
  return participants
    .filter((person) => person.seatId !== seatId && lacksMicrophone(person))
    .map((person) => <NoMicrophoneBar key={person.seatId} name={person.name} />);
}

const lacksMicrophone = ({ role, presence, microphone, paused }: Participant): boolean =>
  speaks(role) && presence === "here" && microphone === "none" && !paused;

/** Longer than a microphone takes from the door to the call: until then it is on its way, not missing. */
const ON_ITS_WAY_MS = 5_000;

function NoMicrophoneBar({ name }: { name: string }) {
  const { call: words } = useWords();
  const [said, setSaid] = useState<"not" | "now" | "read">("not");
  useEffect(() => {
    const timer = setTimeout(() => setSaid("now"), ON_ITS_WAY_MS);
    return () => clearTimeout(timer);
  }, []);
  if (said !== "now") return null;
  return (
    <Bar tone="attention">
      {words.noMicrophone(name)}
      <Button variant="default" onClick={() => setSaid("read")}>
        {words.dismiss}
      </Button>
    </Bar>
  );
}
