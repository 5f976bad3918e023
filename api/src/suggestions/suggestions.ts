import { DomainError } from "@verbatim/shared/errors";
import { isStaff } from "@verbatim/shared/ids";
import { addHeard, noProgress, type PlanProgress, tickedOf } from "@verbatim/shared/plan/live-plan";
import { progressOf } from "@verbatim/shared/plan/progress";
import type { SuggestionState } from "@verbatim/shared/plan/suggestion";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import type { Log } from "@verbatim/hands/log";
import { absent, seatsInCall } from "../calls/in-call.ts";
import type { InterviewRow } from "../interviews/interview-row.ts";
import { currentRecording } from "../control/control-rows.ts";
import type { At } from "../control/controls.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { auditSeat } from "../interviews/audit.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { mustHavePlace } from "../seats/place.ts";
import type { Seat } from "../seats/seats.ts";
import { answerWasGiven, type Heard, type Speaks } from "./answer-end.ts";
import { suggestForAnswers } from "./for-answers.ts";
import type { SuggestionMaker } from "./suggestion-maker.ts";
import { lockedInterview, saidIn } from "./suggestion-rows.ts";

export type Suggestions = Disposable & {
  /** Words were heard: when their speaker says no more for a moment, the plan is looked at again. */
  heard(words: Heard): void;
  /** Throws `auth.forbidden`, `call.absent`, and `not_found` for a question the template does not have. */
  tick(seat: Seat, question: number, asked: boolean): Promise<void>;
  /** Throws `auth.forbidden`, `call.absent`, `not_found`, and `state.conflict` for one that a later answer overtook. */
  mark(seat: Seat, suggestionId: string, state: SuggestionState): Promise<void>;
};

/** What of the template was asked and heard, and what could be asked next: rows first, then everybody's document. */
export function createSuggestions(deps: {
  readonly database: Database;
  readonly maker: SuggestionMaker;
  readonly changed: (at: At) => Promise<unknown>;
  readonly log: Log;
}): Suggestions {
  const { database, changed, log } = deps;
  const answers = suggestForAnswers(deps);

  const look = async (at: At, speaks: Speaks): Promise<void> => {
    const talk = await database.tenant(at.tenantId, (trx) => readTalk(trx, at));
    if (!talk) return;
    const { recording, template, said, candidates } = talk;
    const heard = progressOf(template, said);
    const progress = await database.tenant(at.tenantId, (trx) => writeHeard(trx, at, heard));
    // Behind an answer that goes on they are made when it has ended.
    if (!candidates.some(speaks)) answers.consider(at, { recording, template, said, ticked: tickedOf(progress.now) });
    if (progress.news) await changed(at);
  };
  const ends = answerWasGiven((at, speaks) =>
    look(at, speaks).catch((cause: unknown) => log.warn("suggestions.failed", { interviewId: at.interviewId, cause })),
  );

  /** What somebody in the call does, one after another. */
  const act = async (seat: Seat, work: (trx: TenantTrx, interview: InterviewRow) => Promise<void>): Promise<void> => {
    if (!isStaff(seat.role)) throw new DomainError("auth.forbidden", "The plan is for staff and observers.");
    await database.tenant(seat.tenantId, async (trx) => {
      const interview = await lockedInterview(trx, seat);
      if (!interview) throw notFound();
      await mustHavePlace(trx, seat.seatId);
      if (!seatsInCall(interview.participants).has(seat.seatId)) throw absent();
      await work(trx, interview);
    });
    await changed(seat);
  };

  return {
    heard: ends.heard,
    tick: (seat, question, asked) =>
      act(seat, async (trx, { template, progress }) => {
        if (!template?.questions[question]) throw new DomainError("not_found", "question: the plan has no such one.");
        const before = progress ?? noProgress;
        const ticks = { ...before.ticks, [question]: { asked, by: seat.name } };
        await writeProgress(trx, seat, { ...before, ticks });
        await auditSeat(trx, seat, "plan.tick", { question, asked });
        // What is asked need not be suggested any more.
        ends.heard(seat);
      }),
    mark: (seat, suggestionId, state) =>
      act(seat, async (trx) => {
        const found = await trx
          .selectFrom("suggestion")
          .select("state")
          .where("interview_id", "=", seat.interviewId)
          .where("id", "=", suggestionId)
          .executeTakeFirst();
        if (!found) throw new DomainError("not_found", "suggestionId: there is no such suggestion.");
        if (found.state === "expired") {
          throw new DomainError("state.conflict", "The talk has moved on; this suggestion is gone.");
        }
        await trx
          .updateTable("suggestion")
          .set({ state, by_name: seat.name })
          .where("interview_id", "=", seat.interviewId)
          .where("id", "=", suggestionId)
          .execute();
        await auditSeat(trx, seat, "suggestion.mark", { suggestionId, state });
      }),
    [Symbol.dispose]() {
      ends[Symbol.dispose]();
      answers[Symbol.dispose]();
    },
  };
}

async function readTalk(trx: TenantTrx, { interviewId }: At) {
  const interview = await trx
    .selectFrom("interview")
    .select("template")
    .where("id", "=", interviewId)
    .executeTakeFirst();
  if (!interview?.template) return undefined;
  const recording = await currentRecording(trx, interviewId);
  if (!recording) return undefined;
  const seats = await trx
    .selectFrom("seat")
    .select("id")
    .where("interview_id", "=", interviewId)
    .where("role", "=", "candidate")
    .execute();
  const candidates = seats.map(({ id }) => id);
  return { recording, template: interview.template, candidates, said: await saidIn(trx, recording) };
}

async function writeHeard(
  trx: TenantTrx,
  at: At,
  heard: Parameters<typeof addHeard>[1],
): Promise<{ readonly now: PlanProgress; readonly news: boolean }> {
  const before = (await lockedInterview(trx, at))?.progress ?? noProgress;
  const now = addHeard(before, heard);
  const news = !isDeepStrictEqual(now, before);
  if (news) await writeProgress(trx, at, now);
  return { now, news };
}

async function writeProgress(trx: TenantTrx, { interviewId }: At, progress: PlanProgress): Promise<void> {
  await trx
    .updateTable("interview")
    .set({ progress: JSON.stringify(progress), live_at: sql<Date>`now()` })
    .where("id", "=", interviewId)
    .execute();
}
