import type { Correction } from "@verbatim/shared/marks/marks";
import { timeOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { type MarksView, useMarks } from "./marks-context.ts";
import cards from "../parts/cards.module.css";
import styles from "./marks.module.css";
import { useMarkActs } from "./use-mark-acts.ts";
import type { Words } from "../words/words.ts";

/** What stood there before a correction, who made it, and when. */
export function correctionLine(
  { span, change, by }: Correction,
  { passages, speakers }: Pick<MarksView, "passages" | "speakers">,
  words: Words["marks"],
): string {
  const passage = passages.get(span?.segmentId ?? "");
  const at = timeOf(by.atMs);
  if ("seatId" in change) {
    const before = speakers.find(({ seatId }) => seatId === passage?.seatId)?.name ?? words.nobody;
    return words.wasSaidBy(before, by.name, at);
  }
  const original = passage?.words.slice(span?.from, span?.to).map(({ text }) => text) ?? [];
  return words.was(original.join(" "), by.name, at);
}

/** One correction with the way back; undone, the way there. */
export function Corrected({ correction, whole = false }: { correction: Correction; whole?: boolean }) {
  const { marks: words } = useWords();
  const view = useMarks();
  const { undo } = useMarkActs();
  const { change, undone, span, lost } = correction;
  const speaker = "seatId" in change && view.speakers.find(({ seatId }) => seatId === change.seatId)?.name;
  return (
    <p className={styles["corrected"]} data-correction={correction.id}>
      {whole && (
        <strong>
          {"text" in change ? words.correctionTo(change.text) : words.correctionToSpeaker(speaker || words.nobody)}
        </strong>
      )}
      <span>{span ? correctionLine(correction, view, words) : words.lostCorrection(lost)}</span>
      {undone && <span>{words.undone(undone.name)}</span>}
      {span && view.state.self?.corrects && (
        <button type="button" className={cards["quietButton"]} onClick={() => undo(correction, !undone)}>
          {undone ? words.redo : words.undo}
        </button>
      )}
    </p>
  );
}
