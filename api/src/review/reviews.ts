import type { ChatMessage } from "@verbatim/shared/api/chat";
import type { Review } from "@verbatim/shared/api/interviews";
import { samplesToMs } from "@verbatim/shared/clock";
import { DomainError } from "@verbatim/shared/errors";
import type { InterviewId, RecordingId, SeatId } from "@verbatim/shared/ids";
import { speaks } from "@verbatim/shared/ids";
import type { Assembly } from "@verbatim/shared/recording/manifest";
import type { Member } from "../accounts/auth.ts";
import { lastAssembly } from "../assembling/last-assembly.ts";
import { messagesAfter } from "../chat/chat-rows.ts";
import type { RecordingRow } from "../control/control-rows.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import type { Params } from "../http/serve.ts";
import { recordingState } from "../interviews/interview-state.ts";
import { interviewOf, type InterviewRow } from "../interviews/interview-row.ts";
import { notFound } from "../interviews/whole-interview.ts";
import type { MediaLinks } from "../media/media-links.ts";
import { type People, peopleOf } from "../seats/people.ts";
import { keptSuggestions } from "./kept-suggestions.ts";
import { pictureFile, picturesOf } from "./pictures.ts";

export type Reviews = {
  get(member: Member, interviewId: InterviewId): Promise<{ recordings: Review[]; chat: ChatMessage[] }>;
  /** One recording. Throws `not_found`. */
  one(member: Member, interviewId: InterviewId, recordingId: RecordingId): Promise<OneReview>;
  /** A fresh link to the master, or to one speaker's track. Throws `not_found` while there is none. */
  link(member: Member, interviewId: InterviewId, recordingId: RecordingId, of: SeatId | "master"): Promise<string>;
  /** A fresh link to a stored file of its pictures. Throws `not_found`. */
  picture(member: Member, at: Pick<Params, "interviewId" | "recordingId" | "sha256">): Promise<string>;
};
export type OneReview = { readonly title: string; readonly part: number; readonly review: Review };

export function createReviews(deps: { readonly database: Database; readonly links: MediaLinks }): Reviews {
  const { database, links } = deps;

  const read = (member: Member, interviewId: InterviewId) =>
    database.tenant(member.tenantId, async (trx) => {
      const interview = await interviewOf(trx, interviewId);
      const recordings = await trx
        .selectFrom("recording")
        .selectAll()
        .where("interview_id", "=", interviewId)
        .where("phase", "!=", "idle")
        .orderBy("part")
        .execute();
      const people = await peopleOf(trx, interviewId);
      const reviews: Review[] = [];
      for (const row of recordings) reviews.push(await reviewOf(trx, interview, row, people, links));
      return { interview, reviews, chat: await messagesAfter(trx, interviewId, 0) };
    });

  const one: Reviews["one"] = async (member, interviewId, recordingId) => {
    const { interview, reviews } = await read(member, interviewId);
    const review = reviews.find((each) => each.recordingId === recordingId);
    if (!review) throw notFound();
    return { title: interview.title, part: review.part, review };
  };

  return {
    async get(member, interviewId) {
      const { reviews, chat } = await read(member, interviewId);
      return { recordings: reviews, chat };
    },
    one,
    async link(member, interviewId, recordingId, of) {
      const { review } = await one(member, interviewId, recordingId);
      const url = of === "master" ? review.masterUrl : review.tracks.find(({ seatId }) => seatId === of)?.url;
      if (!url) throw new DomainError("not_found", "This file has not been made yet.");
      return url;
    },
    async picture(member, { interviewId, recordingId, sha256 }) {
      const file = await database.tenant(member.tenantId, async (trx) => {
        const row = await trx
          .selectFrom("recording")
          .select("id")
          .where("id", "=", recordingId)
          .where("interview_id", "=", interviewId)
          .executeTakeFirst();
        return row && (await pictureFile(trx, row.id, sha256));
      });
      if (!file) throw notFound();
      return links.sign(file);
    },
  };
}

async function reviewOf(
  trx: TenantTrx,
  interview: InterviewRow,
  row: RecordingRow,
  people: People,
  links: MediaLinks,
): Promise<Review> {
  const person = (seatId: SeatId) => {
    const found = people.get(seatId);
    return { seatId, role: found?.role ?? "candidate", speaker: found?.name ?? "Unknown" } as const;
  };
  const assembly = await lastAssembly(trx, row.id);
  const fileName = (who: string, extension: string): string => `${interview.title} - ${who}.${extension}`.slice(0, 180);
  const mp3 = (key: string, who: string) => links.sign({ key, type: "audio/mpeg", name: fileName(who, "mp3") });
  const tracks: Review["tracks"] = [];
  for (const { seatId, file } of assembly?.tracks ?? []) {
    const who = person(seatId);
    tracks.push({ ...who, key: file.key, url: await mp3(file.key, who.speaker) });
  }
  const span = (each: { seatId: SeatId; startSamples: number; endSamples: number }) => ({
    ...person(each.seatId),
    startMs: samplesToMs(each.startSamples),
    endMs: samplesToMs(each.endSamples),
  });
  return {
    recordingId: row.id,
    part: row.part,
    state: recordingState(row.phase, row.outcome) ?? "stopped",
    startedAt: row.clock ? new Date(row.clock.startUtcMs).toISOString() : null,
    durationMs: assembly ? samplesToMs(assembly.durationSamples) : await lengthSoFar(trx, row),
    masterKey: assembly?.master.key ?? null,
    masterUrl: assembly ? await mp3(assembly.master.key, row.part === 1 ? "recording" : `part ${row.part}`) : null,
    tracks,
    coverage: (assembly?.coverage ?? []).map(({ seatId, ratio }) => ({ ...person(seatId), ratio })),
    gaps: (assembly?.gaps ?? []).map((gap) => ({ ...span(gap), cause: gap.cause })),
    absences: (assembly?.absences ?? []).map(span),
    problems: assembly?.problems ?? ([] satisfies Assembly["problems"]),
    pictures: await picturesOf(trx, { interviewId: interview.id, recordingId: row.id }, person),
    chunks: await chunksOf(trx, row.id),
    segments: await segmentsOf(trx, row, person),
    suggestions: await keptSuggestions(trx, row.id),
  };
}

/** While it runs: what the store holds. */
async function lengthSoFar(trx: TenantTrx, row: RecordingRow): Promise<number> {
  const { end } = await trx
    .selectFrom("chunk")
    .select(({ fn }) => fn.max("end_samples").as("end"))
    .where("recording_id", "=", row.id)
    .where("media_type", "in", ["mix", "audio"])
    .executeTakeFirstOrThrow();
  return samplesToMs(end ?? 0);
}

async function chunksOf(trx: TenantTrx, recordingId: RecordingId): Promise<Review["chunks"]> {
  const rows = await trx
    .selectFrom("chunk")
    .selectAll()
    .where("recording_id", "=", recordingId)
    .orderBy("start_samples")
    .orderBy("track")
    .orderBy("run_id")
    .execute();
  return rows.map((row) => ({
    key: row.key,
    mediaType: row.media_type,
    run: row.run_id,
    track: row.track,
    seq: row.seq,
    startMs: samplesToMs(row.start_samples),
    endMs: samplesToMs(row.end_samples),
    bytes: row.bytes,
    sha256: row.sha256,
    source: row.source,
  }));
}

async function segmentsOf(
  trx: TenantTrx,
  { id: recordingId, transcript }: Pick<RecordingRow, "id" | "transcript">,
  person: (seatId: SeatId) => Pick<Review["segments"][number], "seatId" | "role" | "speaker">,
): Promise<Review["segments"]> {
  const rows = await trx
    .selectFrom("segment")
    .selectAll()
    .where("recording_id", "=", recordingId)
    .where("transcript", "=", transcript)
    .orderBy("start_ms")
    .orderBy("id")
    .execute();
  return rows
    .filter((row) => speaks(person(row.seat_id).role))
    .map((row) => ({
      id: row.id,
      ...person(row.seat_id),
      startMs: row.start_ms,
      endMs: row.end_ms,
      text: row.text,
      words: row.words,
    }));
}
