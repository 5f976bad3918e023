import { useState } from "react";
import type { Suggestion, SuggestionState } from "@verbatim/shared/plan/suggestion";
import { codeOf } from "../api/failure.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { Covered } from "./covered.tsx";
import { madeBy } from "./made-by.ts";
import { PlanList } from "./plan-list.tsx";
import cards from "../parts/cards.module.css";
import styles from "./suggestions.module.css";
import { SuggestionCard } from "./suggestion-card.tsx";
import { useMark } from "./use-plan.ts";

/** Follow-up questions, and how far the talk has come through its plan: shared by everybody but the candidate. */
export function Suggestions() {
  const words = useWords();
  const { live: said } = words.plan;
  const { live } = useCallView();
  const [done, setDone] = useState<{ suggestion: Suggestion; state: "asked" | "dismissed" }>();
  const mark = useMark();
  // When the talk has moved on there is nothing to press again.
  const whyNot = (thrown: unknown): string =>
    codeOf(thrown) === "state.conflict" ? remedyOf(thrown, words).remedy.what : said.failed;
  const list = live?.view.suggestions ?? [];
  const plan = live?.view.plan;
  const put = (suggestion: Suggestion, state: SuggestionState): void => {
    mark.mutate({ suggestionId: suggestion.id, state }, { onError: () => setDone(undefined) });
    setDone(state === "asked" || state === "dismissed" ? { suggestion, state } : undefined);
  };
  const ordered = list.toSorted((a, b) => Number(b.state === "pinned") - Number(a.state === "pinned"));
  const made = madeBy(list);
  return (
    <Covered>
      <section className={styles["section"]} aria-label={words.call.rail.suggestions}>
        <h2>{words.call.rail.suggestions}</h2>
        {ordered.length === 0 && <p className={cards["quiet"]}>{plan ? said.none : said.noPlan}</p>}
        {ordered.length > 0 && <p className={cards["quiet"]}>{said.allBy[made]}</p>}
        <ul className={cards["list"]}>
          {ordered.map((each) => (
            <SuggestionCard
              key={each.id}
              suggestion={each}
              tellsMaker={made === "both"}
              onMark={(state) => put(each, state)}
            />
          ))}
        </ul>
        <p className={styles["done"]} role="status">
          {mark.isError ? whyNot(mark.error) : done && said.marked[done.state]}
          {done && (
            <button type="button" className={cards["quietButton"]} onClick={() => put(done.suggestion, "open")}>
              {said.undo}
            </button>
          )}
        </p>
        {plan && <PlanList plan={plan} />}
      </section>
    </Covered>
  );
}
