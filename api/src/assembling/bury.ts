import { AssembleJob } from "@verbatim/shared/recording/manifest";
import type { Log } from "@verbatim/hands/log";
import type { Database } from "../database/database.ts";

/**
 * A job that failed for good without the assembler being able to say so: the recording is shown as failed, with its
 * chunks, instead of being made for ever. A later revision, or the answer after all, replaces that.
 */
export async function buryAssembly(database: Database, data: unknown, log: Log): Promise<void> {
  const job = AssembleJob.safeParse(data);
  if (!job.success) return log.error("jobs.dead_unknown", { fields: Object.keys(data ?? {}) });
  const { tenantId, recordingId, revision } = job.data;
  log.error("assembling.dead", { recordingId, revision });
  await database.tenant(tenantId, (trx) =>
    trx
      .updateTable("recording")
      .set({ outcome: "failed", failure: "The assembler failed again and again; see its log." })
      .where("id", "=", recordingId)
      .where("outcome", "=", "assembling")
      .where("outcome_revision", "<", revision)
      .execute(),
  );
}
