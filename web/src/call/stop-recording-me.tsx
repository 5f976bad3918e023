import { Button } from "@mantine/core";
import { hosts } from "@verbatim/shared/ids";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { useConsent } from "./consent-bars.tsx";
import styles from "./controls.module.css";

/** At the hand of everybody who speaks: recording pauses at once, and staff are told. Agreeing again is the bar's button. */
export function StopRecordingMe() {
  const { call: words } = useWords();
  const { participants, seatId, entry } = useCallView();
  const withdraw = useConsent();
  const agrees = participants.some((person) => person.seatId === seatId && person.consented);
  if (!agrees) return null;
  return (
    <Button
      className={`${styles["record"]} ${styles["me"]}`}
      // A host's stands beside the Stop that is for everybody, and must not look like it.
      variant={hosts(entry.role) ? "subtle" : "default"}
      data-red
      loading={withdraw.isPending}
      onClick={() => withdraw.mutate(false)}
    >
      {withdraw.isError ? words.consent.failed : words.consent.stop}
    </Button>
  );
}
