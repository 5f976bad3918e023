import { inPart } from "@verbatim/shared/document/live";
import { type InterviewId, type Role, type SeatId, speaks } from "@verbatim/shared/ids";
import { wordsIn } from "@verbatim/shared/marks/corrected";
import type { Passage } from "@verbatim/shared/marks/reanchor";
import type { Word } from "@verbatim/shared/events/protocol";
import type { TenantTrx } from "../database/database.ts";
import { peopleOf } from "../seats/people.ts";

/** A segment of an interview under its id in documents. */
export type SaidPassage = Passage & {
  readonly seatId: SeatId;
  readonly part: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Of the transcript that counts; others were replaced. */
  readonly counts: boolean;
};

/** Everything that was ever written of what an interview's people said, in order. */
export async function passagesOf(trx: TenantTrx, interviewId: InterviewId): Promise<SaidPassage[]> {
  const rows = await trx
    .selectFrom("segment")
    .innerJoin("recording", "recording.id", "segment.recording_id")
    .select(["segment.id", "seat_id", "start_ms", "end_ms", "words", "part"])
    .select(["segment.transcript", "recording.transcript as counting"])
    .where("segment.interview_id", "=", interviewId)
    .orderBy("part")
    .orderBy("start_ms")
    .orderBy("segment.id")
    .execute();
  return rows.map((row) => ({
    id: inPart(row.part, row.id),
    seatId: row.seat_id,
    part: row.part,
    startMs: row.start_ms,
    endMs: row.end_ms,
    words: spoken(row.words),
    counts: row.transcript === row.counting,
  }));
}

/** An engine's word may hold several, "twenty one"; pages count those by themselves. */
export const spoken = (words: readonly Pick<Word, "text" | "startMs" | "endMs">[]) =>
  words.flatMap(({ text, startMs, endMs }) => wordsIn(text).map((word) => ({ text: word, startMs, endMs })));

export type Speakers = ReadonlyMap<string, { readonly name: string; readonly role: Role }>;

/** Everybody who may have said something, by seat. */
export async function speakersOf(trx: TenantTrx, interviewId: InterviewId): Promise<Speakers> {
  return new Map([...(await peopleOf(trx, interviewId))].filter(([, { role }]) => speaks(role)));
}
