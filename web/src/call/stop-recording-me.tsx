import { Button } from "@mantine/core";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { useConsent } from "./consent-bars.tsx";
import styles from "./controls.module.css";

/** Always at the candidate's hand: recording pauses at once, and the host is told. Agreeing again is the bar's button. */
export function StopRecordingMe() {
  const { call: words } = useWords();
  const { participants, seatId } = useCallView();
  const withdraw = useConsent();
  const agrees = participants.some((person) => person.seatId === seatId && person.consented);
  if (!agrees) return null;
  return (
    <Button
      className={styles["record"] ?? ""}
      variant="default"
      data-red
      loading={withdraw.isPending}
      onClick={() => withdraw.mutate(false)}
    >
      {withdraw.isError ? words.consent.failed : words.consent.stop}
    </Button>
  );
}
