import { createHash } from "node:crypto";
import { documentSegmentId } from "@verbatim/shared/document/live";
import type { InterviewId } from "@verbatim/shared/ids";
import type { Said } from "@verbatim/shared/plan/said";
import { MOST_SUGGESTIONS, type Suggestion, type SuggestionDraft } from "@verbatim/shared/plan/suggestion";
import type { InterviewRow } from "../interviews/interview-row.ts";
import type { RecordingRow } from "../control/control-rows.ts";
import type { TenantTrx } from "../database/database.ts";
import type { Made } from "./suggestion-maker.ts";

/** Who writes suggestions or what became of them, or of the plan, does so one after another. */
export const lockedInterview = (
  trx: TenantTrx,
  { interviewId }: { readonly interviewId: InterviewId },
): Promise<InterviewRow | undefined> =>
  trx.selectFrom("interview").selectAll().where("id", "=", interviewId).forUpdate().executeTakeFirst();

/** What was said in a recording, in the order of speech, under the ids of the live document. */
export async function saidIn(trx: TenantTrx, recording: Pick<RecordingRow, "id" | "part">): Promise<Said[]> {
  const rows = await trx
    .selectFrom("segment")
    .innerJoin("seat", "seat.id", "segment.seat_id")
    .select(["segment.seat_id", "start_ms", "end_ms", "text", "seat.role"])
    .where("recording_id", "=", recording.id)
    // Suggestions are made during the talk; another transcript comes after it.
    .where("transcript", "=", 1)
    .orderBy("start_ms")
    .execute();
  return rows.map((row) => ({
    segmentId: documentSegmentId(recording.part, row.seat_id, row.start_ms),
    candidate: row.role === "candidate",
    startMs: row.start_ms,
    endMs: row.end_ms,
    text: row.text,
  }));
}

/** Those that still matter: open and pinned ones of every part. */
export async function liveSuggestions(trx: TenantTrx, interviewId: InterviewId): Promise<Suggestion[]> {
  const rows = await trx
    .selectFrom("suggestion")
    .innerJoin("recording", "recording.id", "suggestion.recording_id")
    .select(["suggestion.id", "at_ms", "source", "text", "competency", "quote", "state", "by_name", "recording.part"])
    .where("suggestion.interview_id", "=", interviewId)
    .where("state", "in", ["open", "pinned"])
    .execute();
  return rows.flatMap(({ state, at_ms: atMs, by_name: byName, ...row }) =>
    state === "expired" ? [] : { ...row, state, atMs, byName },
  );
}

/**
 * Stores the best of what was made for one answer. What somebody pinned, asked or dismissed is not suggested again in the
 * same words; what is open and comes again, of the same words said, stays as it is; what is open and does not, a later
 * answer has overtaken.
 */
export async function writeSuggestions(
  trx: TenantTrx,
  recording: Pick<RecordingRow, "id" | "tenant_id" | "interview_id">,
  answer: { readonly segmentId: string; readonly endMs: number },
  { source, drafts, providerMs }: Pick<Made, "source" | "drafts" | "providerMs">,
): Promise<boolean> {
  const before = await trx
    .selectFrom("suggestion")
    .select(["recording_id", "id", "text", "quote", "state"])
    .where("interview_id", "=", recording.interview_id)
    .where("state", "!=", "expired")
    .execute();
  const settled = new Set(before.filter(({ state }) => state !== "open").map(({ text }) => text));
  const wanted = drafts.filter(({ text }) => !settled.has(text)).slice(0, MOST_SUGGESTIONS);
  const open = before.filter(({ state }) => state === "open");
  const overtaken = open.filter((row) => !wanted.some((draft) => isSame(row, draft)));
  for (const { recording_id, id } of overtaken) {
    await trx
      .updateTable("suggestion")
      .set({ state: "expired" })
      .where("recording_id", "=", recording_id)
      .where("id", "=", id)
      .execute();
  }
  const fresh = wanted.filter((draft) => !open.some((row) => isSame(row, draft)));
  for (const [at, draft] of fresh.entries()) {
    const { text, competency, quote } = draft;
    await trx
      .insertInto("suggestion")
      .values({
        tenant_id: recording.tenant_id,
        interview_id: recording.interview_id,
        recording_id: recording.id,
        // Pages show them in the order of their ids, which is that of their making.
        id: `${answer.segmentId}/${at}${createHash("sha256").update(keyOf(draft)).digest("base64url").slice(0, 12)}`,
        at_ms: answer.endMs,
        source,
        provider_ms: providerMs,
        text,
        competency,
        quote: quote && JSON.stringify(quote),
      })
      // It was overtaken, as by a tick that was taken back, and comes again.
      .onConflict((on) =>
        on
          .columns(["recording_id", "id"])
          .doUpdateSet({ state: "open", by_name: "" })
          .where("suggestion.state", "=", "expired"),
      )
      .execute();
  }
  return overtaken.length > 0 || fresh.length > 0;
}

type Told = Pick<SuggestionDraft, "text" | "quote">;
const keyOf = ({ text, quote }: Told): string =>
  JSON.stringify([text, quote && [quote.segmentId, quote.from, quote.to]]);
const isSame = (a: Told, b: Told): boolean => keyOf(a) === keyOf(b);
