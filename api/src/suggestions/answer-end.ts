import type { InterviewId } from "@verbatim/shared/ids";
import type { At } from "../control/controls.ts";

/** Somebody thinks for about a second between two sentences of one answer. */
const QUIET_MS = 1_200;

export type AnswerEnds = Disposable & { heard(at: At): void };

/**
 * Calls `ended` when no words came for a moment: the end of an answer, or of a question. Of one interview one call runs at
 * a time. Nothing is kept: whatever we were waiting for when we died is looked at again at the next words.
 */
export function answerWasGiven(ended: (at: At) => Promise<void>): AnswerEnds {
  const waiting = new Map<InterviewId, NodeJS.Timeout>();
  const running = new Set<InterviewId>();
  let over = false;

  const wait = (at: At): void => {
    clearTimeout(waiting.get(at.interviewId));
    waiting.set(at.interviewId, setTimeout(end, QUIET_MS, at));
  };
  const end = (at: At): void => {
    waiting.delete(at.interviewId);
    if (over) return;
    // The answer before is still looked at.
    if (running.has(at.interviewId)) return wait(at);
    running.add(at.interviewId);
    void ended(at).finally(() => running.delete(at.interviewId));
  };

  return {
    heard({ tenantId, interviewId }) {
      if (!over) wait({ tenantId, interviewId });
    },
    [Symbol.dispose]() {
      over = true;
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
