import { Autocomplete, Button, Group, NativeSelect, NumberInput, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createInterview, type InterviewDraft, PICTURE_BY_DEFAULT } from "@verbatim/shared/api/interviews";
import { type Language, languages, languageTags } from "@verbatim/shared/languages";
import { useState } from "react";
import { Link } from "react-router";
import { call } from "../api/call.ts";
import { interviewsQuery } from "../api/queries.ts";
import { utcToZoned, zonedToUtc } from "../clock/format.ts";
import { Fault } from "../parts/fault.tsx";
import { formFaults } from "../parts/form-faults.ts";
import { Links } from "../parts/links.tsx";
import { useWords } from "../words/words.ts";

const HALF_HOUR_MS = 1_800_000;

/** The form of a new interview; it ends on the links to send. */
export function NewInterview({ onClose }: { onClose: () => void }) {
  const { desk } = useWords();
  const words = desk.create;
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (draft: InterviewDraft) => call(createInterview, draft),
    onSuccess: () => client.invalidateQueries({ queryKey: interviewsQuery.queryKey }),
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [nextHalfHour] = useState(() => Math.ceil(Date.now() / HALF_HOUR_MS) * HALF_HOUR_MS);
  const form = useForm({
    initialValues: {
      title: "",
      candidateName: "",
      startsAt: utcToZoned(nextHalfHour, zone),
      zone,
      durationMinutes: 45 as number | string,
      language: "en" as Language,
      autoStart: true,
      recordPicture: PICTURE_BY_DEFAULT,
    },
    validate: (values) =>
      formFaults(createInterview.body, draftOf(values), {
        title: words.name,
        candidateName: words.candidate,
        startsAt: words.startsAt,
        zone: words.zone,
        durationMinutes: words.duration,
      }),
  });

  if (make.data) {
    return (
      <Stack>
        <Text>{words.done}</Text>
        <Links links={make.data.links} />
        <Group grow>
          <Button variant="default" component={Link} to={`/interviews/${make.data.id}`}>
            {words.open}
          </Button>
          <Button onClick={onClose}>{words.finish}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(draftOf(values)))} noValidate>
      <Stack>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
          data-autofocus
          {...form.getInputProps("title")}
        />
        <TextInput label={words.candidate} autoComplete="off" {...form.getInputProps("candidateName")} />
        <TextInput label={words.startsAt} type="datetime-local" {...form.getInputProps("startsAt")} />
        <Autocomplete
          label={words.zone}
          size="md"
          data={zones()}
          limit={40}
          maxDropdownHeight={240}
          {...form.getInputProps("zone")}
        />
        <NumberInput label={words.duration} min={5} max={480} step={5} {...form.getInputProps("durationMinutes")} />
        <NativeSelect
          label={words.language}
          data={languageTags.map((value) => ({ value, label: languages[value] }))}
          {...form.getInputProps("language")}
        />
        <Switch
          size="md"
          label={words.autoStart}
          description={words.autoStartHint}
          {...form.getInputProps("autoStart", { type: "checkbox" })}
        />
        <Switch
          size="md"
          label={words.recordPicture}
          description={words.recordPictureHint}
          {...form.getInputProps("recordPicture", { type: "checkbox" })}
        />
        {make.isError && <Fault thrown={make.error} />}
        <Group grow>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {words.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Values = Omit<InterviewDraft, "durationMinutes"> & { readonly durationMinutes: number | string };

function draftOf(values: Values): InterviewDraft {
  return {
    ...values,
    startsAt: momentOf(values.startsAt, values.zone),
    durationMinutes: Number(values.durationMinutes),
  };
}

/** What the contract wants, or "" where the wall clock or its zone makes no sense: the schema then names the field. */
function momentOf(local: string, zone: string): string {
  try {
    return zonedToUtc(local, zone).toISOString();
  } catch {
    // RangeError: an unfinished date, or a zone that does not exist.
    return "";
  }
}

const zones = (): string[] => [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
