import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { markLimits } from "@verbatim/shared/marks/act";
import { type FormEvent, type ReactNode, useState } from "react";
import { useWords } from "../words/words.ts";
import styles from "./marks.module.css";

type Ends = { readonly onCancel: () => void };

function Form({ onSave, onCancel, children, save }: Ends & { onSave: () => void; children: ReactNode; save?: string }) {
  const { form } = useWords().marks;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave();
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {children}
      <div className={styles["row"]}>
        {save && <Button type="submit">{save}</Button>}
        <Button variant="subtle" onClick={onCancel}>
          {form.cancel}
        </Button>
      </div>
    </form>
  );
}

type TextProps = Ends & {
  readonly label: string;
  readonly initial?: string;
  readonly save: string;
  /** Nothing at all is an answer too. */
  readonly mayBeEmpty?: boolean;
  readonly onText: (text: string) => void;
};

/** A comment, or words in place of others. Enter sends, Shift and Enter begins a line. */
export function TextForm({ label, initial = "", save, mayBeEmpty = false, onText, onCancel }: TextProps) {
  const [text, setText] = useState(initial);
  const put = (): void => {
    if (mayBeEmpty || text.trim() !== "") onText(text.trim());
  };
  return (
    <Form onSave={put} onCancel={onCancel} save={save}>
      <Textarea
        label={label}
        autosize
        minRows={1}
        maxRows={5}
        maxLength={markLimits.letters}
        value={text}
        ref={focusFirst}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          put();
        }}
      />
    </Form>
  );
}

/** A competency of the plan, a tag that is there already, or an own one. */
export function TagForm({ known, onTag, onCancel }: Ends & { known: readonly string[]; onTag: (tag: string) => void }) {
  const { form } = useWords().marks;
  const [own, setOwn] = useState("");
  return (
    <Form onSave={() => own.trim() !== "" && onTag(own.trim())} onCancel={onCancel} save={form.add}>
      <div className={styles["row"]}>
        {known.map((tag) => (
          <button key={tag} type="button" className={styles["chip"]} onClick={() => onTag(tag)}>
            {tag}
          </button>
        ))}
      </div>
      <TextInput
        label={form.tag}
        value={own}
        maxLength={markLimits.tag}
        ref={focusFirst}
        onChange={(event) => setOwn(event.currentTarget.value)}
      />
    </Form>
  );
}

type EvidenceProps = Ends & {
  readonly competencies: readonly string[];
  readonly onEvidence: (competency: string, level: number) => void;
};

/** For which competency words speak, and how strongly. */
export function EvidenceForm({ competencies, onEvidence, onCancel }: EvidenceProps) {
  const { form } = useWords().marks;
  const [competency, setCompetency] = useState(competencies[0] ?? "");
  return (
    <Form onSave={() => undefined} onCancel={onCancel}>
      {competencies.length > 0 ? (
        <NativeSelect
          label={form.competency}
          value={competency}
          data={[...competencies]}
          ref={focusFirst}
          onChange={(event) => setCompetency(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          label={form.competency}
          value={competency}
          maxLength={markLimits.tag}
          ref={focusFirst}
          onChange={(event) => setCompetency(event.currentTarget.value)}
        />
      )}
      <fieldset className={styles["levels"]}>
        <legend>{form.levels}</legend>
        {[1, 2, 3, 4, 5].map((level) => (
          <button
            key={level}
            type="button"
            className={styles["chip"]}
            aria-label={form.level(level)}
            disabled={competency.trim() === ""}
            onClick={() => onEvidence(competency.trim(), level)}
          >
            {level}
          </button>
        ))}
      </fieldset>
    </Form>
  );
}

/** What was opened by a press takes the keyboard. */
function focusFirst(element: HTMLElement | null): void {
  if (element && !element.dataset["focused"]) {
    element.dataset["focused"] = "";
    element.focus({ preventScroll: true });
  }
}
