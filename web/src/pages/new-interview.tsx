import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createInterview, type InterviewDraft } from "@verbatim/shared/api/interviews";
import { useState } from "react";
import { Link } from "react-router";
import { call } from "../api/call.ts";
import { interviewsQuery, meQuery } from "../api/queries.ts";
import { Links } from "../parts/links.tsx";
import { useWords } from "../words/words.ts";
import { InterviewForm } from "./interview-form.tsx";
import { newValues } from "./interview-values.ts";

/** The form of a new interview; it ends on the links to send. */
export function NewInterview({ onClose }: { onClose: () => void }) {
  const words = useWords().desk.create;
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (draft: InterviewDraft) => call(createInterview, draft),
    onSuccess: () => client.invalidateQueries({ queryKey: interviewsQuery.queryKey }),
  });
  const me = useQuery(meQuery);
  const [initial] = useState(() =>
    newValues(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone, me.data?.email ?? ""),
  );
  if (make.data) {
    return (
      <Stack>
        <Text>{words.done}</Text>
        <Links links={make.data.links} />
        <Group grow preventGrowOverflow={false}>
          <Button variant="default" component={Link} to={`/interviews/${make.data.id}`}>
            {words.open}
          </Button>
          <Button onClick={onClose}>{words.finish}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <InterviewForm
      initial={initial}
      submitName={words.submit}
      pending={make.isPending}
      thrown={make.error}
      onDraft={make.mutateAsync}
      onClose={onClose}
    />
  );
}
