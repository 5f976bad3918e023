import { Button, Drawer } from "@mantine/core";
import { cancelInterview } from "@verbatim/shared/api/changes";
import type { Interview } from "@verbatim/shared/api/interviews";
import { languages } from "@verbatim/shared/languages";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { fullDate } from "../clock/format.ts";
import { AskInPlace } from "../parts/ask-in-place.tsx";
import { useWords } from "../words/words.ts";
import { EditInterview } from "./edit-interview.tsx";
import styles from "./interview-page.module.css";
import { useInterviewChange } from "./use-interview-change.ts";

type Props = {
  readonly interview: Interview;
  /** A cancellation was just undone: the button that stands there again has the focus. */
  readonly restored: boolean;
  readonly onCancel: () => void;
};

/** What is planned, with what can still be changed about it; what cannot is said. */
export function PlanCard({ interview, restored, onCancel }: Props) {
  const { desk, planning } = useWords();
  const words = planning.cancel;
  const [search, setSearch] = useSearchParams();
  const [saved, setSaved] = useState("");
  const change = useInterviewChange(interview.id);
  const { mayEdit, mayCancel, present } = interview;
  const open = (edit: boolean): void =>
    setSearch(
      (before) => {
        if (edit) before.set("edit", "1");
        else before.delete("edit");
        return before;
      },
      { replace: true },
    );
  return (
    <section className={styles["card"]} aria-label={desk.interview.facts}>
      <div className={styles["cardHead"]}>
        <h2>{desk.interview.facts}</h2>
        {mayEdit !== "nothing" && (
          <Button variant="default" leftSection={<IconPencil size={18} />} onClick={() => open(true)}>
            {planning.edit.open}
          </Button>
        )}
      </div>
      <Facts interview={interview} />
      <p className={styles["said"]} role="status">
        {mayEdit === "nothing" ? planning.edit.locked.nothing : saved}
      </p>
      <div className={styles["change"]}>
        {mayCancel === "yes" && (
          <AskInPlace
            words={{ ...words, question: words.question(present) }}
            destroys
            focused={restored}
            onYes={() => {
              onCancel();
              setSaved("");
              return change.mutateAsync({ contract: cancelInterview });
            }}
          />
        )}
        {(mayCancel === "recording" || mayCancel === "over") && (
          <p className={styles["said"]}>{words.not[mayCancel]}</p>
        )}
      </div>
      <Drawer
        opened={search.has("edit") && mayEdit !== "nothing"}
        onClose={() => open(false)}
        position="right"
        size={480}
        title={planning.edit.title}
        closeButtonProps={{ "aria-label": desk.create.cancel, size: 44 }}
        transitionProps={{ duration: 120 }}
      >
        <EditInterview
          interview={interview}
          onSaved={(moved) => {
            setSaved(moved ? planning.edit.moved : planning.edit.saved);
            open(false);
          }}
          onClose={() => open(false)}
        />
      </Drawer>
    </section>
  );
}

function Facts({ interview }: { interview: Interview }) {
  const { desk, plan, planning } = useWords();
  const words = desk.interview;
  const { language, speech, movedFrom, startsAt, zone, template } = interview;
  const facts: readonly (readonly [string, string])[] = [
    [words.candidate, interview.candidateName],
    [words.when, fullDate(startsAt, zone)],
    ...(movedFrom === null ? [] : [[planning.edit.movedFrom, fullDate(movedFrom, zone)] as const]),
    [words.zone, zone],
    [words.length, desk.list.minutes(interview.durationMinutes)],
    [words.language, Object.hasOwn(languages, language) ? languages[language as keyof typeof languages] : language],
    [
      plan.facts.label,
      template ? plan.facts.of(template.name, template.questions.length, template.competencies.length) : plan.none,
    ],
    [words.start, interview.autoStart ? words.auto : words.manual],
    [words.recorded, interview.recordPicture ? words.picture : words.soundOnly],
    [words.speech, speech.reason || words.speechEngines[speech.engine]],
    [desk.create.contact, interview.contact || planning.edit.nobody],
    [desk.create.keptMonths, planning.edit.months(interview.keptMonths)],
  ];
  return (
    <dl className={styles["facts"]}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
