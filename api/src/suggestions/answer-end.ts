import type { InterviewId, SeatId } from "@verbatim/shared/ids";
import type { At } from "../control/controls.ts";
import { pauseLeftMs } from "./pause-left.ts";

/** Somebody's words came. `quietMs`: see `pauseLeftMs`. */
export type Heard = At & { readonly seatId: SeatId; readonly quietMs?: number | undefined };

export type AnswerEnds = Disposable & { heard(words: Heard): void };

/** Whether somebody has not paused yet. */
export type Speaks = (seatId: SeatId) => boolean;

type Talk = {
  /** Who has not paused yet, and until when they must say nothing. */
  readonly speaking: Map<SeatId, NodeJS.Timeout>;
  running: boolean;
  /** Somebody else paused while it ran. */
  again: boolean;
};

/**
 * Calls `ended` when somebody has said nothing for a moment: the end of an answer, or of a question. Each by themselves: a
 * question that follows an answer at once does not put off its end. Of one interview one call runs at a time. Nothing is
 * kept: whatever we were waiting for when we died is looked at again at the next words.
 */
export function answerWasGiven(ended: (at: At, speaks: Speaks) => Promise<void>): AnswerEnds {
  const talks = new Map<InterviewId, Talk>();
  let over = false;

  const run = (at: At, talk: Talk): void => {
    if (over) return;
    talk.again = talk.running;
    if (talk.running) return;
    talk.running = true;
    void ended(at, (seatId) => talk.speaking.has(seatId)).finally(() => {
      talk.running = false;
      if (talk.again) run(at, talk);
      else if (talk.speaking.size === 0) talks.delete(at.interviewId);
    });
  };

  return {
    heard({ tenantId, interviewId, seatId, quietMs }) {
      if (over) return;
      const talk = talks.get(interviewId) ?? { speaking: new Map(), running: false, again: false };
      talks.set(interviewId, talk);
      clearTimeout(talk.speaking.get(seatId));
      const pause = (): void => {
        talk.speaking.delete(seatId);
        run({ tenantId, interviewId }, talk);
      };
      talk.speaking.set(seatId, setTimeout(pause, pauseLeftMs(quietMs)));
    },
    [Symbol.dispose]() {
      over = true;
      for (const { speaking } of talks.values()) for (const timer of speaking.values()) clearTimeout(timer);
    },
  };
}
