import { Button, NativeSelect } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Template } from "@verbatim/shared/plan/template";
import { templatesQuery } from "../api/queries.ts";
import { Fault } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { CompetencyFields } from "./competency-fields.tsx";
import type { InterviewValues } from "./interview-values.ts";
import styles from "./plan-fields.module.css";
import { NO_COMPETENCY, planValues, type PlanValues } from "./plan-values.ts";
import { QuestionFields } from "./question-fields.tsx";

const NONE = "none";
const OWN = "own";

const emptyPlan = (name: string, minutes: number): PlanValues => ({
  name,
  minutes,
  questions: [{ text: "", competency: NO_COMPETENCY }],
  competencies: [],
});

/** A plan that somebody wrote or changed gave way to another choice. Undone until that is changed in its turn. */
type Replaced = {
  readonly before: Pick<InterviewValues, "template" | "durationMinutes">;
  readonly after: PlanValues | null;
};

const isWritten = (plan: PlanValues, templates: readonly Template[]): boolean =>
  !templates.some((each) => JSON.stringify(planValues(each)) === JSON.stringify(plan));

/** A template is chosen, and changed for this interview; or a plan is written from nothing. */
export function PlanFields({ form, disabled }: { form: UseFormReturnType<InterviewValues>; disabled: boolean }) {
  const words = useWords().plan;
  const { template, durationMinutes } = form.values;
  const listed = useQuery(templatesQuery);
  const templates = listed.data?.templates ?? [];
  const chosen = template === null ? NONE : templates.some(({ name }) => name === template.name) ? template.name : OWN;
  const set = (next: PlanValues | null): void => form.setFieldValue("template", next);
  const [replaced, setReplaced] = useState<Replaced>();
  const choose = (value: string): void => {
    const found = templates.find(({ name }) => name === value);
    const after = value === NONE ? null : found ? planValues(found) : emptyPlan(words.ownName, Number(durationMinutes));
    setReplaced(
      template && isWritten(template, templates) ? { before: { template, durationMinutes }, after } : undefined,
    );
    // Last: each change of the form makes the plan another object, as does every later one, which ends the undoing.
    if (found) form.setFieldValue("durationMinutes", found.minutes);
    set(after);
  };
  return (
    <div role="group" aria-label={words.label}>
      <NativeSelect
        label={words.template}
        description={words.templateHint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={chosen}
        disabled={disabled}
        error={form.errors["template"]}
        data={[
          { value: NONE, label: words.none },
          ...templates.map(({ name }) => ({ value: name, label: name })),
          { value: OWN, label: chosen === OWN && template ? template.name : words.own },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {replaced && replaced.after === template && (
        <p role="status" className={styles["removed"]}>
          {words.replaced}
          <Button variant="subtle" onClick={() => form.setValues(replaced.before)}>
            {words.undo}
          </Button>
        </p>
      )}
      {listed.isError && <Fault thrown={listed.error} />}
      {template && !disabled && (
        <details className={styles["details"]} open={chosen === OWN}>
          <summary>{words.change}</summary>
          <QuestionFields template={template} onChange={set} />
          <CompetencyFields template={template} onChange={set} />
        </details>
      )}
    </div>
  );
}
