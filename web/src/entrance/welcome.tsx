import { Button, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Entry, giveConsent, giveName } from "@verbatim/shared/api/call";
import { useState } from "react";
import { call } from "../api/call.ts";
import { codeOf } from "../api/failure.ts";
import { entryQuery } from "../api/queries.ts";
import { fullDate } from "../clock/format.ts";
import { Fault } from "../parts/fault.tsx";
import { formFaults } from "../parts/form-faults.ts";
import { NoticeText } from "../parts/notice-text.tsx";
import { whomOf } from "../parts/whom.ts";
import { useWords } from "../words/words.ts";
import { plannedNote } from "./planned.ts";
import styles from "./entrance.module.css";

type Props = { readonly entry: Entry; readonly onEntry: (entry: Entry) => void };

/** Who invites, when, who listens, the notice, and the choice as two equal buttons. */
export function Welcome({ entry, onEntry }: Props) {
  const { entrance } = useWords();
  const words = entrance.welcome;
  const { interviewId, role } = entry;
  const client = useQueryClient();
  const [name, setName] = useState(entry.name || (role === "candidate" ? entry.candidateName : ""));
  const [nameFault, setNameFault] = useState<string>();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const [openedMs] = useState(Date.now);
  const note = plannedNote(entry, openedMs, zone);
  const movedFrom = entry.movedFrom === null ? "" : fullDate(entry.movedFrom, zone);

  const answer = useMutation({
    mutationFn: async (accepted: boolean) => {
      const params = { interviewId, role };
      if (accepted && name !== entry.name) await call(giveName, { name }, { params });
      return call(giveConsent, { version: entry.notice.version, accepted }, { params });
    },
    onSuccess: onEntry,
    onError: (thrown) => {
      if (codeOf(thrown) === "notice.changed") void client.invalidateQueries(entryQuery(interviewId, role));
    },
  });
  const choose = (accepted: boolean): void => {
    const fault = accepted ? formFaults(giveName.body, { name }, { name: words.name })["name"] : undefined;
    setNameFault(fault);
    if (!fault) answer.mutate(accepted);
  };

  return (
    <Stack gap={20}>
      <div>
        <Title order={1}>{words.title(entry.title)}</Title>
        <Text c="dimmed">{words.invites(entry.hostName, entry.organisation)}</Text>
      </div>
      <dl className={styles["facts"]}>
        <dt>{words.when}</dt>
        <dd>
          {fullDate(entry.startsAt, zone)}
          {note !== "none" && <strong className={styles["planned"]}>{words.planned[note](movedFrom)}</strong>}
        </dd>
        <dt>{words.length}</dt>
        <dd>{words.minutes(entry.durationMinutes)}</dd>
        <dt>{words.who}</dt>
        <dd>{words.whoText(entry.hostName)}</dd>
        <dt>{words.questions}</dt>
        <dd>{whomOf(entry) || entry.organisation}</dd>
      </dl>
      <section className={styles["notice"]} aria-label={words.recorded}>
        <Title order={2}>{words.recorded}</Title>
        <NoticeText notice={entry.notice} />
      </section>
      <TextInput
        label={words.name}
        description={words.nameHint}
        value={name}
        autoComplete="name"
        error={nameFault}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {answer.isError && <Fault thrown={answer.error} />}
      <div role="group" aria-label={words.question}>
        <Text fw={600} mb={8}>
          {words.question}
        </Text>
        <div className={styles["choice"]}>
          <Button
            variant="default"
            loading={answer.isPending && answer.variables === true}
            onClick={() => choose(true)}
          >
            {words.agree}
          </Button>
          <Button
            variant="default"
            loading={answer.isPending && answer.variables === false}
            onClick={() => choose(false)}
          >
            {words.disagree}
          </Button>
        </div>
      </div>
    </Stack>
  );
}
