import { Button } from "@mantine/core";
import { restoreInterview } from "@verbatim/shared/api/changes";
import type { Interview } from "@verbatim/shared/api/interviews";
import { Fault } from "../parts/fault.tsx";
import { invitedRoles } from "../parts/links.tsx";
import { useWords } from "../words/words.ts";
import { CalendarButton } from "./calendar-button.tsx";
import styles from "./interview-page.module.css";
import { useInterviewChange } from "./use-interview-change.ts";

type Props = { readonly interview: Interview; readonly focused: boolean; readonly onUndo: () => void };

/** An interview that was cancelled, what that means, and the way back. */
export function CancelledBar({ interview, focused, onUndo }: Props) {
  const { planning } = useWords();
  const words = planning.cancelled;
  const { of, yourself } = planning.links;
  const change = useInterviewChange(interview.id);
  const sent = invitedRoles.filter((role) => interview.links.some((link) => link.role === role));
  return (
    <section className={styles["cancelled"]} aria-label={words.title}>
      <div role="status">
        <h2>{words.title}</h2>
        <p>{words.text}</p>
      </div>
      <Button
        autoFocus={focused}
        aria-label={words.undoName}
        loading={change.isPending}
        onClick={() => {
          onUndo();
          change.mutate({ contract: restoreInterview });
        }}
      >
        {words.undo}
      </Button>
      {change.isError && <Fault thrown={change.error} />}
      <p>{words.calendar}</p>
      <div className={styles["change"]}>
        {sent.map((role) => (
          <CalendarButton key={role} interviewId={interview.id} role={role} whom={of[role]} />
        ))}
        <CalendarButton interviewId={interview.id} role="interviewer" whom={yourself} />
      </div>
    </section>
  );
}
