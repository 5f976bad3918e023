import { randomUUID } from "node:crypto";
import { MARKS_PAGE } from "@verbatim/shared/api/marks";
import { DomainError } from "@verbatim/shared/errors";
import { hosts, isStaff } from "@verbatim/shared/ids";
import { type Act, type Change, markLimits } from "@verbatim/shared/marks/act";
import { marksOf } from "@verbatim/shared/marks/marks";
import { type Actor, hindrance, spansOf } from "@verbatim/shared/marks/may-act";
import type { Member } from "../accounts/auth.ts";
import type { At } from "../control/controls.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { mustHavePlace } from "../seats/place.ts";
import type { Seat } from "../seats/seats.ts";
import { appendChanges, changesAfter, lockedSeq } from "./mark-rows.ts";
import { movesOf } from "./moves.ts";
import { passagesOf, speakersOf } from "./passages.ts";
import type { ToExport } from "./spelled.ts";

export type Who = At & Actor & { readonly name: string };
export type Said = { readonly id: string; readonly act: Act };

export type Marks = {
  /** The person in a seat. Throws `auth.forbidden` for the candidate. */
  inSeat(seat: Seat): Promise<Who>;
  /**
   * Stores an act and tells everybody that there is one; the same id again is the same act. Throws `not_found` for what
   * is not there, `auth.forbidden`, and `state.conflict` at the limit or for another person's id.
   */
  act(who: Who, said: Said): Promise<Change>;
  after(who: Who, seq: number): Promise<{ readonly changes: Change[]; readonly last: number }>;
  /** Everything, to be taken along. Throws `not_found`. */
  all(at: At): Promise<ToExport>;
};

/** An account of the organisation on the page of an interview. */
export const byAccount = ({ tenantId, userId, name }: Member, interviewId: At["interviewId"]): Who => ({
  tenantId,
  interviewId,
  author: `user:${userId}`,
  name,
  corrects: true,
});

/** Annotations and corrections: rows first; pages learn how many acts there are, and fetch what they lack. */
export function createMarks(deps: {
  readonly database: Database;
  readonly changed: (at: At) => Promise<unknown>;
}): Marks {
  const { database } = deps;

  const store = async (trx: TenantTrx, who: Who, { id, act }: Said): Promise<Change> => {
    const seq = await lockedSeq(trx, who.interviewId);
    if (seq === undefined) throw notFound();
    const before = await changesAfter(trx, who.interviewId, 0);
    const known = before.find((change) => change.id === id);
    if (known && known.author !== who.author) throw new DomainError("state.conflict", "id: is somebody else's.");
    if (known) return known;
    if (seq >= markLimits.acts) {
      throw new DomainError("state.conflict", "This interview holds as many annotations and corrections as it can.");
    }
    const hindered = hindrance(act, who, marksOf(before));
    if (hindered === "missing") throw new DomainError("not_found", "This annotation or correction is not there.");
    if (hindered) throw new DomainError("auth.forbidden", "This is for those who lead the interview.");
    if (act.do === "speaker" && !(await speakersOf(trx, who.interviewId)).has(act.seatId)) {
      throw new DomainError("not_found", "seatId: nobody speaks from this seat.");
    }
    // What was marked offline may be words of a transcript that was replaced meanwhile: it moves to the new one.
    const moves = spansOf(act).length > 0 ? await whereItGoes(trx, who, { id, act }) : [];
    const [stored] = await appendChanges(trx, who, seq, who, [{ id, act }]);
    if (moves.length > 0) await appendChanges(trx, who, seq + 1, system, moves);
    if (!stored) throw notFound();
    return stored;
  };

  return {
    inSeat: async (seat) => {
      const { tenantId, interviewId, seatId, role, name, person, account } = seat;
      if (!isStaff(role)) throw new DomainError("auth.forbidden", "Annotations are for staff and observers.");
      await database.tenant(tenantId, (trx) => mustHavePlace(trx, seatId));
      return { tenantId, interviewId, author: person, name, corrects: hosts(role) || account };
    },
    async act(who, said) {
      const change = await database.tenant(who.tenantId, (trx) => store(trx, who, said));
      await deps.changed(who);
      return change;
    },
    after: (who, seq) =>
      database.tenant(who.tenantId, async (trx) => {
        const interview = await trx
          .selectFrom("interview")
          .select("marks_seq")
          .where("id", "=", who.interviewId)
          .executeTakeFirst();
        if (!interview) throw notFound();
        const changes = interview.marks_seq > seq ? await changesAfter(trx, who.interviewId, seq, MARKS_PAGE) : [];
        return { changes, last: Math.max(interview.marks_seq, changes.at(-1)?.seq ?? 0) };
      }),
    all: ({ tenantId, interviewId }) =>
      database.tenant(tenantId, async (trx) => {
        const interview = await trx
          .selectFrom("interview")
          .select("title")
          .where("id", "=", interviewId)
          .executeTakeFirst();
        if (!interview) throw notFound();
        return {
          title: interview.title,
          marks: marksOf(await changesAfter(trx, interviewId, 0)),
          passages: (await passagesOf(trx, interviewId)).filter(({ counts }) => counts),
          speakers: await speakersOf(trx, interviewId),
        };
      }),
  };
}

export const system = { author: "system", name: "" } as const;

/** Throws `not_found` for words that nobody said. */
async function whereItGoes(trx: TenantTrx, who: Who, { id, act }: Said) {
  const passages = new Map((await passagesOf(trx, who.interviewId)).map((passage) => [passage.id, passage]));
  for (const { segmentId, to } of spansOf(act)) {
    const passage = passages.get(segmentId);
    if (!passage || to > Math.max(1, passage.words.length)) {
      throw new DomainError("not_found", "span: there are no such words.");
    }
  }
  const change = { id, seq: 1, author: who.author, name: who.name, atMs: 0, act };
  return movesOf(marksOf([change]), [...passages.values()]).map((move) => ({ id: randomUUID(), act: move }));
}
