import { randomUUID } from "node:crypto";
import { z } from "zod";
import { DomainError } from "@verbatim/shared/errors";
import { Word } from "@verbatim/shared/events/protocol";
import { type InterviewId, SeatId, type TenantId } from "@verbatim/shared/ids";
import { marksOf } from "@verbatim/shared/marks/marks";
import type { Database, TenantTrx } from "../database/database.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { appendChanges, changesAfter, lockedSeq } from "./mark-rows.ts";
import { system } from "./marks.ts";
import { movesOf } from "./moves.ts";
import { passagesOf, speakersOf } from "./passages.ts";

/** A transcript of one part, in the form in which one is downloaded as JSON; what else stands there is left alone. */
export const NewTranscript = z.object({
  part: z.int().min(1).default(1),
  segments: z
    .array(
      z.object({
        seatId: SeatId,
        startMs: z.int().min(0),
        endMs: z.int().min(0),
        words: z.array(Word).min(1).max(9_999),
      }),
    )
    .max(20_000),
});
export type NewTranscript = z.infer<typeof NewTranscript>;

/** How many segments there are now, how many annotations and corrections went along, and how many found no place. */
export type Replaced = { readonly segments: number; readonly moved: number; readonly unplaced: number };

/**
 * Puts another transcript of a part in the place of the one that counts, in one transaction. The old one is kept, and
 * annotations and corrections go to the same words of the new one. Throws `not_found`, `input.invalid`, and
 * `state.conflict` while the interview is not over: pages in a call read its words from the live document.
 */
export async function replaceTranscript(
  database: Database,
  interviewId: InterviewId,
  given: NewTranscript,
): Promise<Replaced> {
  const tenants = await database.system((trx) => trx.selectFrom("tenant").select("id").execute());
  for (const { id } of tenants) {
    const replaced = await database.tenant(id, (trx) => replace(trx, { tenantId: id, interviewId }, given));
    if (replaced) return replaced;
  }
  throw notFound();
}

async function replace(
  trx: TenantTrx,
  at: { readonly tenantId: TenantId; readonly interviewId: InterviewId },
  { part, segments }: NewTranscript,
): Promise<Replaced | undefined> {
  const { interviewId } = at;
  const seq = await lockedSeq(trx, interviewId);
  if (seq === undefined) return undefined;
  const { ended_at } = await trx
    .selectFrom("interview")
    .select("ended_at")
    .where("id", "=", interviewId)
    .executeTakeFirstOrThrow();
  if (ended_at === null) throw new DomainError("state.conflict", "This interview is not over yet.");
  const speakers = await speakersOf(trx, interviewId);
  const unknown = segments.find(({ seatId }) => !speakers.has(seatId));
  if (unknown) throw new DomainError("input.invalid", `seatId: nobody speaks from ${unknown.seatId}.`);
  const recording = await trx
    .updateTable("recording")
    .set((eb) => ({ transcript: eb("transcript", "+", 1) }))
    .where("interview_id", "=", interviewId)
    .where("part", "=", part)
    .returning(["id", "transcript"])
    .executeTakeFirst();
  if (!recording) throw new DomainError("not_found", `part: there is no recording ${part}.`);
  const ids = new Set<string>();
  for (const { seatId, startMs, endMs, words } of segments) {
    // Another id than the old transcript's segment that begins there: what is anchored to that one is not on this one.
    const id = `${seatId}.${recording.transcript}:${startMs}`;
    if (ids.has(id)) throw new DomainError("input.invalid", `segments: two of one speaker begin at ${startMs} ms.`);
    ids.add(id);
    await trx
      .insertInto("segment")
      .values({
        tenant_id: at.tenantId,
        recording_id: recording.id,
        id,
        interview_id: interviewId,
        seat_id: seatId,
        start_ms: startMs,
        end_ms: endMs,
        text: words.map(({ text }) => text).join(" "),
        words: JSON.stringify(words),
        transcript: recording.transcript,
      })
      .execute();
  }
  const moves = movesOf(marksOf(await changesAfter(trx, interviewId, 0)), await passagesOf(trx, interviewId));
  const acts = [{ do: "replaced", part } as const, ...moves];
  await appendChanges(
    trx,
    at,
    seq,
    system,
    acts.map((act) => ({ id: randomUUID(), act })),
  );
  const lost = moves.filter((move) =>
    move.do === "move" ? move.lost.length > 0 : "span" in move && move.span === null,
  );
  return { segments: segments.length, moved: moves.length, unplaced: lost.length };
}
