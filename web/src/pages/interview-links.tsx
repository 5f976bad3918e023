import { Button, Stack } from "@mantine/core";
import { renewLink, restoreLink, revokeLink } from "@verbatim/shared/api/changes";
import type { Interview, InvitationLink } from "@verbatim/shared/api/interviews";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useState } from "react";
import { dayAndTime, fullDate } from "../clock/format.ts";
import { AskInPlace } from "../parts/ask-in-place.tsx";
import { CopyField } from "../parts/copy-field.tsx";
import { Fault } from "../parts/fault.tsx";
import { invitedRoles, OnlyHere } from "../parts/links.tsx";
import { useWords } from "../words/words.ts";
import { CalendarButton } from "./calendar-button.tsx";
import styles from "./interview-links.module.css";
import { useInterviewChange } from "./use-interview-change.ts";

/** Each way in for others: whether it works, and what can be done with it. */
export function InterviewLinks({ interview }: { interview: Interview }) {
  const words = useWords().planning.links;
  return (
    <Stack gap={24}>
      <OnlyHere links={interview.links} />
      {invitedRoles.map((role) => (
        <OneLink key={role} role={role} interview={interview} />
      ))}
      <div>
        <p className={styles["name"]}>{words.yours}</p>
        <p className={styles["hint"]}>{words.yoursHint}</p>
        <CalendarButton interviewId={interview.id} role="interviewer" whom={words.yourself} named={false} />
      </div>
    </Stack>
  );
}

function OneLink({ role, interview }: { role: InvitationLink["role"]; interview: Interview }) {
  const { desk, planning } = useWords();
  const words = planning.links;
  const { name, hint } = desk.links[role];
  const whom = words.of[role];
  const change = useInterviewChange(interview.id);
  // What was pressed is gone after it worked: the focus goes to what stands there then.
  const [pressed, setPressed] = useState(false);
  const send = async (contract: typeof renewLink): Promise<void> => {
    setPressed(true);
    await change.mutateAsync({ contract, params: { role } });
  };

  const sending = change.isPending ? change.variables.contract : undefined;
  const link = interview.links.find((one) => one.role === role);
  const withdrawn = interview.withdrawnLinks.find((one) => one.role === role);
  const since = link?.since ?? withdrawn?.since ?? "";
  const sign = link ? <IconCircleCheck size={18} aria-hidden /> : <IconCircleX size={18} aria-hidden />;
  const said = link ? words.works : words.withdrawn;
  return (
    <section aria-label={name}>
      {link ? (
        <CopyField name={name} hint={hint} value={link.url} copyName={desk.links.copy(name)} />
      ) : (
        <>
          <p className={styles["name"]}>{name}</p>
          <p className={styles["hint"]}>{words.withdrawnHint}</p>
        </>
      )}
      <p className={styles["state"]} data-works={link !== undefined} role="status">
        {sign}
        <time dateTime={since} title={fullDate(since, interview.zone)}>
          {said(dayAndTime(since, interview.zone, interview.serverNowMs))}
        </time>
      </p>
      <div className={styles["actions"]}>
        {link ? (
          <>
            <CalendarButton interviewId={interview.id} role={role} whom={whom} named={false} />
            <AskInPlace
              words={words.renew}
              askName={words.renew.askName(whom)}
              focused={pressed}
              onYes={() => send(renewLink)}
            />
            <AskInPlace
              words={words.withdraw}
              askName={words.withdraw.askName(whom)}
              destroys
              onYes={() => send(revokeLink)}
            />
          </>
        ) : (
          <>
            <Button
              autoFocus={pressed}
              aria-label={words.restoreName(whom)}
              loading={sending === restoreLink}
              disabled={sending === renewLink}
              // The fault is shown below.
              onClick={() => void send(restoreLink).catch(() => undefined)}
            >
              {words.restore}
            </Button>
            <Button
              variant="default"
              aria-label={words.renew.askName(whom)}
              loading={sending === renewLink}
              disabled={sending === restoreLink}
              onClick={() => void send(renewLink).catch(() => undefined)}
            >
              {words.renew.ask}
            </Button>
          </>
        )}
      </div>
      {!link && change.isError && <Fault thrown={change.error} />}
    </section>
  );
}
