import type { Review } from "@verbatim/shared/api/interviews";
import { readSegmentId } from "@verbatim/shared/document/live";
import type { RecordingId } from "@verbatim/shared/ids";
import type { Quote } from "@verbatim/shared/plan/suggestion";
import type { TenantTrx } from "../database/database.ts";

type Kept = Review["suggestions"][number];

/** Every follow-up question that was suggested in a recording, in the order of the answers; quotes with when they were said. */
export async function keptSuggestions(trx: TenantTrx, recordingId: RecordingId): Promise<Kept[]> {
  const rows = await trx
    .selectFrom("suggestion")
    .select(["id", "at_ms", "source", "text", "competency", "quote", "state", "by_name", "provider_ms"])
    .where("recording_id", "=", recordingId)
    .orderBy("at_ms")
    .orderBy("id")
    .execute();
  if (rows.length === 0) return [];
  const segments = await trx
    .selectFrom("segment")
    .select(["seat_id", "start_ms", "end_ms", "words"])
    .where("recording_id", "=", recordingId)
    // Suggestions quote the words as they were heard live.
    .where("transcript", "=", 1)
    .execute();
  const said = (quote: Quote): Kept["quote"] => {
    const startMs = readSegmentId(quote.segmentId)?.startMs;
    const segment = segments.find((each) => each.start_ms === startMs && quote.segmentId.includes(each.seat_id));
    const words = segment?.words.slice(quote.from, quote.to);
    return {
      text: quote.text,
      startMs: words?.[0]?.startMs ?? startMs ?? 0,
      endMs: words?.at(-1)?.endMs ?? segment?.end_ms ?? startMs ?? 0,
    };
  };
  return rows.map(({ at_ms: atMs, by_name: byName, provider_ms: providerMs, quote, ...row }) => ({
    ...row,
    atMs,
    byName,
    providerMs,
    quote: quote && said(quote),
  }));
}
