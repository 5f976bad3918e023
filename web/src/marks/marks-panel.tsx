import { NativeSelect } from "@mantine/core";
import { authorsOf, isFiltered, type MarkFilter, tagsOf, unplaced } from "@verbatim/shared/marks/listed";
import { useState } from "react";
import { useWords } from "../words/words.ts";
import { Corrected } from "./corrected.tsx";
import { MarkCard } from "./mark-card.tsx";
import { useMarks } from "./marks-context.ts";
import cards from "../parts/cards.module.css";
import styles from "./marks.module.css";
import { useMarkActs } from "./use-mark-acts.ts";

/** Every annotation that passes the filter, with its thread; what was corrected, what was deleted, what has no place. */
export function MarksPanel() {
  const { marks: words } = useWords();
  const { state, store, shown, listed, filter } = useMarks();
  const { remove } = useMarkActs();
  const [removed, setRemoved] = useState<string>();
  const gone = listed.filter(({ annotation }) => annotation.removed);
  const lost = unplaced(state.marks);
  const corrections = [...state.marks.corrections.values()];
  return (
    <div className={styles["panel"]} data-saved={state.saved}>
      <p className={styles["saved"]} role="status">
        {words.saved[state.saved]}
      </p>
      {state.refused.map(({ id, refused = "" }) => (
        <p key={id} className={styles["refused"]} role="alert">
          {words.refused(refused)}
          <button type="button" className={cards["quietButton"]} onClick={() => store.dismiss(id)}>
            {words.dismiss}
          </button>
        </p>
      ))}
      <Filters />
      {shown.length === 0 && <p className={cards["quiet"]}>{isFiltered(filter) ? words.emptyFiltered : words.empty}</p>}
      <ul className={cards["list"]}>
        {shown.map((one) => (
          <MarkCard key={one.annotation.id} listed={one} onRemoved={setRemoved} />
        ))}
      </ul>
      <p className={styles["saved"]} role="status">
        {removed && (
          <>
            {words.removedNow}
            <button
              type="button"
              className={cards["quietButton"]}
              onClick={() => {
                remove(removed, false);
                setRemoved(undefined);
              }}
            >
              {words.undo}
            </button>
          </>
        )}
      </p>
      {lost.length > 0 && (
        <section className={styles["lost"]} data-unplaced={lost.length}>
          <h3>{words.unplaced(lost.length)}</h3>
          <p className={cards["quiet"]}>{words.unplacedHint}</p>
          <ul>
            {lost.map((annotation) => (
              <li key={annotation.id}>
                <b>{annotation.by.name}</b>: “{annotation.lost.join(" … ")}” {tagsOf(annotation).join(", ")}
                {annotation.comments
                  .filter((each) => !each.removed)
                  .map((each) => (
                    <span key={each.id}>
                      {each.by.name}: {each.text}
                    </span>
                  ))}
              </li>
            ))}
          </ul>
        </section>
      )}
      {corrections.length > 0 && (
        <details className={cards["folded"]}>
          <summary>{words.corrections(corrections.length)}</summary>
          {corrections.map((each) => (
            <Corrected key={each.id} correction={each} whole />
          ))}
        </details>
      )}
      {gone.length > 0 && (
        <details className={cards["folded"]}>
          <summary>{words.removed(gone.length)}</summary>
          <ul className={cards["list"]}>
            {gone.map(({ annotation, quote }) => (
              <li key={annotation.id}>
                “{quote}” <span className={cards["quiet"]}>{words.removedBy(annotation.removed?.name ?? "")}</span>
                <button type="button" className={cards["quietButton"]} onClick={() => remove(annotation.id, false)}>
                  {words.restore}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Filters() {
  const { marks: words } = useWords();
  const { listed, filter, setFilter, speakers } = useMarks();
  const living = listed.filter(({ annotation }) => !annotation.removed);
  const tags = [...new Set(living.flatMap(({ annotation }) => tagsOf(annotation)))].toSorted();
  const people = new Map(living.flatMap(({ annotation }) => [...authorsOf(annotation)]));
  const heard = new Set(living.flatMap(({ seatIds }) => seatIds));
  const options: Record<keyof MarkFilter, { value: string; label: string }[]> = {
    tag: tags.map((tag) => ({ value: tag, label: tag })),
    by: [...people].map(([value, label]) => ({ value, label })),
    speaker: speakers.flatMap(({ seatId, name }) => (heard.has(seatId) ? { value: seatId, label: name } : [])),
  };
  if (living.length === 0) return null;
  return (
    <div className={styles["filters"]} role="group" aria-label={words.filter.label}>
      {(["tag", "by", "speaker"] as const).map((what) => (
        <NativeSelect
          key={what}
          aria-label={words.filter[what]}
          value={filter[what]}
          data={[{ value: "", label: words.filter.all[what] }, ...options[what]]}
          onChange={(event) => setFilter({ ...filter, [what]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}
