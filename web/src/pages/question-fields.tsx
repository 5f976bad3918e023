import { Button, NativeSelect, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import iconButton from "../parts/icon-button.module.css";
import styles from "./plan-fields.module.css";
import { NO_COMPETENCY, type PlanValues } from "./plan-values.ts";
import { useRemoval } from "./use-removal.tsx";

type Props = { readonly template: PlanValues; readonly onChange: (next: PlanValues) => void };
type PlannedQuestion = PlanValues["questions"][number];

/** The questions of a plan, one after another. */
export function QuestionFields({ template, onChange }: Props) {
  const words = useWords().plan;
  const { questions, competencies } = template;
  const { remove, undo } = useRemoval(template, onChange);
  const put = (next: readonly PlannedQuestion[]): void => onChange({ ...template, questions: [...next] });
  const change = (at: number, part: Partial<PlannedQuestion>): void =>
    put(questions.map((each, n) => (n === at ? { ...each, ...part } : each)));
  return (
    <fieldset className={styles["group"]}>
      <legend>{words.questions}</legend>
      {questions.map((question, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a question is its place; its text changes as one types
        <div key={at} className={styles["row"]}>
          <Textarea
            aria-label={words.question(at + 1)}
            size="md"
            autosize
            minRows={1}
            maxLength={300}
            value={question.text}
            onChange={(event) => change(at, { text: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={words.questionFor(at + 1)}
            size="md"
            value={String(question.competency)}
            data={[
              { value: String(NO_COMPETENCY), label: words.noCompetency },
              ...competencies.map(({ name }, n) => ({ value: String(n), label: name || words.competency(n + 1) })),
            ]}
            onChange={(event) => change(at, { competency: Number(event.currentTarget.value) })}
          />
          <button
            type="button"
            className={iconButton["button"]}
            aria-label={words.removeQuestion(at + 1)}
            onClick={() => remove({ ...template, questions: questions.filter((_, n) => n !== at) })}
          >
            <IconTrash size={20} aria-hidden />
          </button>
        </div>
      ))}
      {undo}
      <Button
        variant="default"
        disabled={questions.length >= 40}
        onClick={() => put([...questions, { text: "", competency: NO_COMPETENCY }])}
      >
        {words.addQuestion}
      </Button>
    </fieldset>
  );
}
