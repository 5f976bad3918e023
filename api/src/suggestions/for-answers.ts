import type { Log } from "@verbatim/hands/log";
import type { InterviewId } from "@verbatim/shared/ids";
import { answersOf, type Said } from "@verbatim/shared/plan/said";
import type { Template } from "@verbatim/shared/plan/template";
import { begunAt, type RecordingRow } from "../control/control-rows.ts";
import type { At } from "../control/controls.ts";
import type { Database } from "../database/database.ts";
import { minutesLeft } from "./minutes-left.ts";
import { readModelUse, reserveModelUse, settleModelUse } from "./model/model-use.ts";
import type { SuggestionMaker } from "./suggestion-maker.ts";
import { lockedInterview, saidIn, writeSuggestions } from "./suggestion-rows.ts";

type Talk = {
  readonly recording: RecordingRow;
  readonly template: Template;
  readonly said: readonly Said[];
  readonly ticked: ReadonlySet<number>;
};

export type ForAnswers = Disposable & {
  /** The talk as it is now. Returns at once; nothing that is heard or ticked waits for a model. */
  consider(at: At, talk: Talk): void;
};

/**
 * Suggestions for the last answer, made beside everything else: of one interview for one answer at a time. When the next
 * answer has begun, whoever still makes some is told to stop, and what they made is counted and not shown.
 */
export function suggestForAnswers(deps: {
  readonly database: Database;
  readonly maker: SuggestionMaker;
  readonly changed: (at: At) => Promise<unknown>;
  readonly log: Log;
}): ForAnswers {
  const { database, maker, changed, log } = deps;
  const running = new Map<InterviewId, { readonly beginning: string | undefined; readonly stop: AbortController }>();
  const waiting = new Map<InterviewId, Talk>();
  let over = false;

  const suggest = async (at: At, talk: Talk, stop: AbortController): Promise<void> => {
    const { recording, template, said } = talk;
    const answer = answersOf(said).at(-1);
    const last = answer?.segments.at(-1);
    if (!answer || !last) return;
    const { use, begunAtMs } = await database.tenant(at.tenantId, async (trx) => ({
      use: await readModelUse(trx, at),
      begunAtMs: await begunAt(trx, recording),
    }));
    const reserve = (tokens: number, budgetTokens: number): Promise<boolean> =>
      database.tenant(at.tenantId, (trx) =>
        reserveModelUse(trx, at, { tokens, askedAbout: last.segmentId, budgetTokens }),
      );
    const left = minutesLeft(template.minutes, begunAtMs, recording.clock, said.at(-1)?.endMs ?? 0);
    const made = await maker.make(
      { ...talk, interviewId: at.interviewId, minutesLeft: left, use, reserve },
      stop.signal,
    );
    if (!made || over) return;
    const news = await database.tenant(at.tenantId, async (trx) => {
      // One after another with whoever pins, and with another process.
      await lockedInterview(trx, at);
      const known = made.request ? { askedAbout: last.segmentId, shown: false } : use;
      const now = await readModelUse(trx, at);
      const current =
        !stop.signal.aborted &&
        now.askedAbout === known.askedAbout &&
        now.shown === known.shown &&
        beginningOf(await saidIn(trx, recording)) === beginningOf(said);
      if (made.request) await settleModelUse(trx, at, { ...made.request, shown: current && made.source === "model" });
      const about = { segmentId: last.segmentId, endMs: answer.endMs };
      return current && (await writeSuggestions(trx, recording, about, made));
    });
    if (news) await changed(at);
  };

  const run = async (at: At, first: Talk): Promise<void> => {
    for (let talk: Talk | undefined = first; talk && !over; talk = waiting.get(at.interviewId)) {
      waiting.delete(at.interviewId);
      const stop = new AbortController();
      running.set(at.interviewId, { beginning: beginningOf(talk.said), stop });
      await suggest(at, talk, stop).catch((cause: unknown) =>
        log.warn("suggestions.failed", { interviewId: at.interviewId, cause }),
      );
    }
    running.delete(at.interviewId);
  };

  return {
    consider(at, talk) {
      const now = running.get(at.interviewId);
      if (!now) return void run(at, talk);
      waiting.set(at.interviewId, talk);
      if (now.beginning !== beginningOf(talk.said)) now.stop.abort();
    },
    [Symbol.dispose]() {
      over = true;
      for (const { stop } of running.values()) stop.abort();
    },
  };
}

/** What makes the last answer this one: it may go on, and begins once. */
const beginningOf = (said: readonly Said[]): string | undefined => answersOf(said).at(-1)?.segments[0]?.segmentId;
