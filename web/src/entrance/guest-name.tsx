import { Button, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type Entry, giveName } from "@verbatim/shared/api/call";
import { useState } from "react";
import { call } from "../api/call.ts";
import { Fault } from "../parts/fault.tsx";
import { formFaults } from "../parts/form-faults.ts";
import { useWords } from "../words/words.ts";
import { OtherDay } from "./other-day.tsx";

type Props = {
  readonly entry: Entry;
  /** They said it, and the call is being entered behind this page. */
  readonly joining: boolean;
  readonly onEntry: (entry: Entry) => void;
};

/** A guest says who they are; everyone in the call reads it. */
export function GuestName({ entry, joining, onEntry }: Props) {
  const { entrance } = useWords();
  const words = entrance.guest;
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string>();
  const { interviewId, role } = entry;
  const give = useMutation({
    mutationFn: () => call(giveName, { name }, { params: { interviewId, role } }),
    onSuccess: onEntry,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = formFaults(giveName.body, { name }, { name: words.title })["name"];
        setFault(found);
        if (!found) give.mutate();
      }}
    >
      <Stack>
        <Title order={1}>{entry.title}</Title>
        <OtherDay entry={entry} />
        <Text>{role === "observer" ? words.observer : words.lead(entry.title)}</Text>
        <TextInput
          label={words.title}
          value={name}
          error={fault}
          autoComplete="name"
          autoFocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {give.isError && <Fault thrown={give.error} />}
        <Button type="submit" loading={give.isPending || joining}>
          {words.continue}
        </Button>
      </Stack>
    </form>
  );
}
