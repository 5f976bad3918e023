import type { Piece, Replay, Where } from "@verbatim/shared/api/replay";
import { msToSamples, SAMPLE_RATE, samplesToMs } from "@verbatim/shared/clock";
import { DomainError } from "@verbatim/shared/errors";
import { place } from "@verbatim/shared/recording/control";
import { measuredRuns } from "../calls/call-rows.ts";
import type { At } from "../control/controls.ts";
import { recordingControl, type RecordingRow } from "../control/control-rows.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { interviewOf } from "../interviews/interview-row.ts";
import type { MediaLinks } from "../media/media-links.ts";
import { type SoundAt, soundAt } from "./sound-at.ts";

export type Replays = {
  /** What the store holds of a moment, while a recording has no master as after it. Throws `not_found`. */
  at(at: At, where: Where): Promise<Replay>;
};

export function createReplays(deps: {
  readonly database: Database;
  readonly links: MediaLinks;
  readonly nowMs: () => number;
}): Replays {
  const { database, links, nowMs } = deps;

  const pieceOf = async ({ chunk, untilSamples }: Stored["piece"]): Promise<Piece> => ({
    url: await links.sign({
      key: chunk.key,
      type: "audio/wav",
      name: `from ${samplesToMs(chunk.startSamples)} ms.wav`,
    }),
    startMs: samplesToMs(chunk.startSamples),
    untilMs: msFrom(untilSamples),
  });

  return {
    async at({ tenantId, interviewId }, where) {
      const found = await database.tenant(tenantId, async (trx) => {
        await interviewOf(trx, interviewId);
        const row = await recordingAt(trx, interviewId, where);
        return row && readSound(trx, row, msToSamples(where.atMs), nowMs());
      });
      if (!found) throw new DomainError("not_found", "There is no such recording in this interview.");
      switch (found.state) {
        case "stored":
          return {
            state: "stored",
            piece: await pieceOf(found.piece),
            next: found.next ? await pieceOf(found.next) : null,
          };
        case "later":
          return { state: "later", inMs: found.inSamples === undefined ? null : samplesToMs(found.inSamples) };
        case "missing":
        default:
          return {
            state: "missing",
            why: found.why,
            goesOnMs: found.goesOnSamples === undefined ? null : msFrom(found.goesOnSamples),
          };
      }
    },
  };
}

type Chunk = { readonly key: string; readonly startSamples: number; readonly endSamples: number };
type Stored = Extract<SoundAt<Chunk>, { state: "stored" }>;

/** Whole milliseconds that lie at a position or behind it: who asks for them again is not answered with what ends there. */
const msFrom = (samples: number): number => Math.ceil((samples * 1000) / SAMPLE_RATE);

async function recordingAt(
  trx: TenantTrx,
  interviewId: At["interviewId"],
  where: Where,
): Promise<RecordingRow | undefined> {
  const rows = await trx
    .selectFrom("recording")
    .selectAll()
    .where("interview_id", "=", interviewId)
    .where("clock", "is not", null)
    .execute();
  return rows.find(({ part, clock }) =>
    "part" in where ? part === where.part : clock?.startUtcMs === where.startedAtMs,
  );
}

async function readSound(
  trx: TenantTrx,
  row: RecordingRow,
  atSamples: number,
  nowMs: number,
): Promise<SoundAt<Chunk> | undefined> {
  const { clock } = row;
  const control = await recordingControl(trx, row);
  if (!clock || !control) return undefined;
  const chunks = await trx
    .selectFrom("chunk")
    .select(["key", "start_samples as startSamples", "end_samples as endSamples"])
    .where("recording_id", "=", row.id)
    .where("media_type", "=", "mix")
    .where("end_samples", ">", atSamples)
    .execute();
  return soundAt({
    atSamples,
    nowSamples: msToSamples(nowMs - clock.startUtcMs),
    placed: place(clock, control.transitions),
    runs: await measuredRuns(trx, row.id),
    chunks,
  });
}
