import { Button, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { Competency } from "@verbatim/shared/plan/template";
import { useWords } from "../words/words.ts";
import styles from "./plan-fields.module.css";
import { type PlanValues, withoutCompetency } from "./plan-values.ts";
import { useRemoval } from "./use-removal.tsx";

type Props = { readonly template: PlanValues; readonly onChange: (next: PlanValues) => void };

/** The competencies of a plan. */
export function CompetencyFields({ template, onChange }: Props) {
  const words = useWords().plan;
  const removal = useRemoval(template, onChange);
  const { competencies } = template;
  const change = (at: number, part: Partial<Competency>): void =>
    onChange({ ...template, competencies: competencies.map((each, n) => (n === at ? { ...each, ...part } : each)) });
  return (
    <fieldset className={styles["group"]}>
      <legend>{words.competencies}</legend>
      {competencies.map((competency, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a competency is its place; its name changes as one types
        <div key={at} role="group" aria-label={words.competency(at + 1)} className={styles["competency"]}>
          <TextInput
            label={words.competency(at + 1)}
            maxLength={80}
            value={competency.name}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
          />
          <Textarea
            label={words.description}
            size="md"
            autosize
            maxLength={500}
            value={competency.description}
            onChange={(event) => change(at, { description: event.currentTarget.value })}
          />
          <TagsInput
            label={words.keyTerms}
            size="md"
            maxTags={20}
            acceptValueOnBlur
            value={competency.keyTerms}
            onChange={(keyTerms) => change(at, { keyTerms: keyTerms.map((term) => term.slice(0, 60)) })}
          />
          <Textarea
            label={words.good}
            size="md"
            autosize
            maxLength={500}
            value={competency.good}
            onChange={(event) => change(at, { good: event.currentTarget.value })}
          />
          <Button variant="default" onClick={() => removal.remove(withoutCompetency(template, at))}>
            {words.removeCompetency(competency.name)}
          </Button>
        </div>
      ))}
      {removal.undo}
      <Button
        variant="default"
        disabled={competencies.length >= 12}
        onClick={() => {
          const competency: Competency = { name: "", description: "", keyTerms: [], good: "" };
          onChange({ ...template, competencies: [...competencies, competency] });
        }}
      >
        {words.addCompetency}
      </Button>
    </fieldset>
  );
}
