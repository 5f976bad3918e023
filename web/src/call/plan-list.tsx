import { Checkbox } from "@mantine/core";
import { isTouched, type LivePlan } from "@verbatim/shared/plan/live-plan";
import { remaining } from "@verbatim/shared/plan/remaining";
import { useState } from "react";
import { useNow } from "../clock/use-now.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { plannedEndMs } from "./planned-end.ts";
import cards from "../parts/cards.module.css";
import styles from "./suggestions.module.css";
import { useTick } from "./use-plan.ts";

/** Planned questions, which tick themselves and can be ticked, and what was heard of each competency. */
export function PlanList({ plan }: { plan: LivePlan }) {
  const words = useWords().plan.live;
  const tick = useTick();
  /** What was pressed here stands until the server has answered. */
  const [pressed, setPressed] = useState<{ question: number; asked: boolean }>();
  const asked = plan.questions.filter((each) => each.asked).length;
  const touched = plan.competencies.filter((each) => isTouched(each, plan.questions)).length;
  return (
    <>
      {plan.questions.length > 0 && (
        <details className={`${styles["plan"]} ${cards["folded"]}`} open>
          <summary>{words.questions(asked, plan.questions.length)}</summary>
          <TimeLeft left={plan.questions.length - asked} />
          {tick.isError && <p role="alert">{words.failed}</p>}
          <ul className={cards["list"]}>
            {plan.questions.map((question, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- a question is its place; two may have the same words
              <li key={at}>
                <Checkbox
                  className={styles["question"] ?? ""}
                  label={question.text}
                  description={
                    question.byName !== ""
                      ? words.tickedBy(question.byName)
                      : question.asked
                        ? words.heard
                        : question.competency
                  }
                  checked={pressed?.question === at ? pressed.asked : question.asked}
                  onChange={(event) => {
                    const next = { question: at, asked: event.currentTarget.checked };
                    setPressed(next);
                    tick.mutate(next, { onSettled: () => setPressed((now) => (now === next ? undefined : now)) });
                  }}
                />
              </li>
            ))}
          </ul>
        </details>
      )}
      {plan.competencies.length > 0 && (
        <details className={`${styles["plan"]} ${cards["folded"]}`}>
          <summary>{words.competencies(touched, plan.competencies.length)}</summary>
          <ul className={cards["list"]}>
            {plan.competencies.map((competency) => (
              <li key={competency.name} className={styles["competency"]}>
                <Competency competency={competency} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What good looks like is a press away: a hint that only a mouse finds is none on a phone. */
function Competency({ competency: { name, good, terms, heard } }: { competency: LivePlan["competencies"][number] }) {
  const words = useWords().plan.live;
  const line = (
    <>
      {name}
      {terms > 0 && <small>{words.terms(heard, terms)}</small>}
    </>
  );
  if (good === "") return line;
  return (
    <details>
      <summary>{line}</summary>
      <p className={cards["quiet"]}>{words.good(good)}</p>
    </details>
  );
}

function TimeLeft({ left }: { left: number }) {
  const words = useWords().plan.live;
  const view = useCallView();
  const { recording, state } = view;
  const now = useNow() + state.clockOffsetMs;
  const time = recording.startedAtMs === null ? undefined : remaining(plannedEndMs(view, recording), now, left);
  return time && <p className={cards["quiet"]}>{words.left(time.minutes, time.questions, left, time.each)}</p>;
}
