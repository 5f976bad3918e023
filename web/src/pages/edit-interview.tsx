import { Alert, Stack } from "@mantine/core";
import { editInterview } from "@verbatim/shared/api/changes";
import type { Interview } from "@verbatim/shared/api/interviews";
import { useState } from "react";
import { useWords } from "../words/words.ts";
import { InterviewForm } from "./interview-form.tsx";
import { valuesOf } from "./interview-values.ts";
import { useInterviewChange } from "./use-interview-change.ts";

type Props = {
  readonly interview: Interview;
  /** Another time or length: calendars hold the old one. */
  readonly onSaved: (moved: boolean) => void;
  readonly onClose: () => void;
};

/** The form of an interview that was made, with what can still be changed about it. */
export function EditInterview({ interview, onSaved, onClose }: Props) {
  const words = useWords().planning.edit;
  const change = useInterviewChange(interview.id);
  // As it was when the form was opened: what others change meanwhile does not move under the hand.
  const [before] = useState(interview);
  const { mayEdit } = interview;
  return (
    <Stack>
      {mayEdit !== "all" && <Alert role="note">{words.locked[mayEdit]}</Alert>}
      <InterviewForm
        initial={valuesOf(before)}
        before={before}
        namesOnly={mayEdit !== "all"}
        submitName={words.submit}
        pending={change.isPending}
        thrown={change.error}
        onDraft={async (draft) => {
          const after = await change.mutateAsync({ contract: editInterview, body: draft });
          onSaved(after.startsAt !== before.startsAt || after.durationMinutes !== before.durationMinutes);
        }}
        onClose={onClose}
      />
    </Stack>
  );
}
