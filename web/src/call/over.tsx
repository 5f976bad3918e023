import { Button, Group, Text, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { errorTable } from "@verbatim/shared/errors";
import { useState } from "react";
import { Link } from "react-router";
import { isErrorCode } from "../api/failure.ts";
import { keepsMarks } from "../marks/kept-place.ts";
import { LastMarksPlace } from "../marks/last-marks-place.tsx";
import type { Notes } from "../notes/follow-notes.ts";
import { LastNotes } from "../notes/last-notes.tsx";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { FaultText } from "../parts/fault.tsx";
import type { Session } from "../session/step.ts";
import { useWords } from "../words/words.ts";

type OverSession = Extract<Session, { phase: "over" }>;

/** The call has ended for this page: why, and what one may do. */
export function Over({
  session,
  entry,
  notes,
  again,
}: {
  session: OverSession;
  entry: Entry;
  /** What was not stored of them when the call ended. */
  notes: Notes | undefined;
  again: () => void;
}) {
  const { call, failures } = useWords();
  const { why } = session;
  const texts = call.over[why];
  const code = codeOf(session);
  const [keeps] = useState(() => why === "ended" && keepsMarks(entry));
  return (
    <DeskFrame narrow>
      <Title order={1}>{texts.title}</Title>
      {"text" in texts && <Text my={12}>{notes || keeps ? call.over.endedBeforeNotes : texts.text}</Text>}
      {notes && <LastNotes notes={notes} />}
      {keeps && <LastMarksPlace entry={entry} />}
      {why === "refused" && (
        <div style={{ margin: "12px 0" }}>
          <FaultText remedy={code ? failures.codes[code] : failures.unreachable} />
        </div>
      )}
      <Group>
        {"again" in texts && <Button onClick={again}>{texts.again}</Button>}
        {entry.role === "interviewer" && (
          <Button variant="default" component={Link} to={`/interviews/${entry.interviewId}`}>
            {call.over.toInterview}
          </Button>
        )}
      </Group>
    </DeskFrame>
  );
}

/** The table's code, which arrives by name from the api and by close code from the media server. */
function codeOf({ code }: OverSession): keyof typeof errorTable | undefined {
  if (isErrorCode(code)) return code;
  return (Object.keys(errorTable) as (keyof typeof errorTable)[]).find(
    (name) => String(errorTable[name].close) === code,
  );
}
