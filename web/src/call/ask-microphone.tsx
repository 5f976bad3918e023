import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Participant } from "@verbatim/shared/control/protocol";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";

/** A host mutes another person, or asks them to unmute; nobody opens another's microphone. */
export function AskMicrophone({ person }: { person: Participant }) {
  const { call: words } = useWords();
  const { call } = useCallView();
  const { seatId, name, microphone } = person;
  const ask = useMutation({ mutationFn: (muted: boolean) => call.askMicrophone(seatId, muted) });
  if (microphone === "none") return null;
  const mutes = microphone === "on";
  const asked = ask.isSuccess && ask.variables === mutes;
  return (
    <>
      <Button
        size="compact-md"
        variant="subtle"
        aria-label={mutes ? words.person.mute(name) : words.person.askUnmute(name)}
        loading={ask.isPending}
        onClick={() => ask.mutate(mutes)}
      >
        {!mutes && asked ? words.person.asked : mutes ? words.person.muteShort : words.person.askUnmuteShort}
      </Button>
      {ask.isError && <p role="alert">{words.person.notHeard}</p>}
    </>
  );
}
