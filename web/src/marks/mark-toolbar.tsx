import { Button, CloseButton } from "@mantine/core";
import { SeatId } from "@verbatim/shared/ids";
import { emojis } from "@verbatim/shared/marks/act";
import { correctionsBySegment, speakerAfter } from "@verbatim/shared/marks/corrected";
import { useState } from "react";
import { useWords } from "../words/words.ts";
import { Corrected } from "./corrected.tsx";
import { EvidenceForm, TagForm, TextForm } from "./mark-forms.tsx";
import { type Selection, useMarks } from "./marks-context.ts";
import styles from "./marks.module.css";
import { useMarkActs } from "./use-mark-acts.ts";

type Open = "comment" | "tag" | "evidence" | "correct" | "speaker" | undefined;

/** What can be done with the selected words; nothing while none are. `onDone` puts the keyboard back among the words. */
export function MarkToolbar({ onDone }: { onDone: () => void }) {
  const { selection } = useMarks();
  const { marks: words } = useWords();
  return (
    <section className={styles["toolbar"]} aria-label={words.selected} hidden={!selection} data-mark-toolbar>
      {selection && <Tools key={JSON.stringify(selection.spans)} selection={selection} onDone={onDone} />}
    </section>
  );
}

function Tools({ selection, onDone }: { selection: Selection; onDone: () => void }) {
  const { marks: words } = useWords();
  const { state, select, choose, competencies, speakers, passages } = useMarks();
  const acts = useMarkActs();
  const [open, setOpen] = useState<Open>();
  const done = (annotation?: string): void => {
    if (annotation) choose(annotation);
    select(undefined);
    onDone();
  };
  const { spans, text } = selection;
  const [first] = spans;
  const annotate = (then?: Parameters<typeof acts.annotate>[1]): void => done(acts.annotate(spans, then));
  const close = { onCancel: () => setOpen(undefined) };
  const corrects = state.self?.corrects ?? false;
  const standing = correctionsBySegment(state.marks);
  const touched = spans.flatMap(({ segmentId, from, to }) =>
    (standing.get(segmentId) ?? []).filter(
      ({ span, change }) => span && ("seatId" in change || (span.from < to && span.to > from)),
    ),
  );
  const speaker = first && speakerAfter(passages.get(first.segmentId)?.seatId ?? "", standing.get(first.segmentId));
  return (
    <div
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (open) setOpen(undefined);
        else done();
      }}
    >
      <div className={styles["toolHead"]}>
        <q>{text}</q>
        <CloseButton size={44} aria-label={words.clear} onClick={() => done()} />
      </div>
      {touched.map((each) => (
        <Corrected key={each.id} correction={each} />
      ))}
      {open === undefined && (
        <div className={styles["tools"]}>
          <Button onClick={() => annotate()}>{words.highlight}</Button>
          <Button variant="default" onClick={() => setOpen("comment")}>
            {words.comment}
          </Button>
          <Button variant="default" onClick={() => setOpen("tag")}>
            {words.tag}
          </Button>
          <Button variant="default" onClick={() => setOpen("evidence")}>
            {words.evidence}
          </Button>
          {emojis.map((emoji) => (
            <button
              key={emoji}
              type="button"
              className={styles["emoji"]}
              aria-label={words.emoji(emoji)}
              onClick={() => annotate((id) => [acts.of({ id }).react(emoji)])}
            >
              {emoji}
            </button>
          ))}
          {corrects && (
            <>
              <Button
                variant="default"
                disabled={spans.length !== 1}
                title={spans.length === 1 ? undefined : words.onePassage}
                onClick={() => setOpen("correct")}
              >
                {words.correct}
              </Button>
              <Button variant="default" onClick={() => setOpen("speaker")}>
                {words.speaker}
              </Button>
            </>
          )}
        </div>
      )}
      {open === "comment" && (
        <TextForm
          {...close}
          label={words.form.comment}
          save={words.form.send}
          onText={(comment) => annotate((id) => [acts.of({ id }).comment(comment)])}
        />
      )}
      {open === "tag" && (
        <TagForm {...close} known={acts.known} onTag={(tag) => annotate((id) => [acts.of({ id }).tag(tag)])} />
      )}
      {open === "evidence" && (
        <EvidenceForm
          {...close}
          competencies={competencies}
          onEvidence={(competency, level) => annotate((id) => [acts.of({ id }).evidence(competency, level)])}
        />
      )}
      {open === "correct" && first && (
        <TextForm
          {...close}
          label={words.form.correct}
          initial={text}
          save={words.form.save}
          mayBeEmpty
          onText={(correct) => {
            if (correct !== text) acts.correct(first, correct);
            done();
          }}
        />
      )}
      {open === "speaker" && (
        <fieldset className={styles["levels"]}>
          <legend>{words.form.speaker}</legend>
          {speakers.map(({ seatId, name }) => (
            <button
              key={seatId}
              type="button"
              className={styles["chip"]}
              aria-pressed={seatId === speaker}
              onClick={() => {
                for (const segmentId of new Set(spans.map((span) => span.segmentId))) {
                  acts.speaker(segmentId, SeatId.parse(seatId));
                }
                done();
              }}
            >
              {name}
            </button>
          ))}
          <Button variant="subtle" onClick={close.onCancel}>
            {words.form.cancel}
          </Button>
        </fieldset>
      )}
    </div>
  );
}

/** To the first of the tools. */
export const toTools = (): void =>
  // The words were selected in this very press; the tools are drawn after it.
  void requestAnimationFrame(() =>
    document.querySelector<HTMLElement>("[data-mark-toolbar] .mantine-Button-root")?.focus(),
  );
