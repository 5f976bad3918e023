import type { RecordingId } from "@verbatim/shared/ids";
import type { Assembly } from "@verbatim/shared/recording/manifest";
import type { TenantTrx } from "../database/database.ts";

/** What a recording's newest assembly made; undefined while there is none. */
export async function lastAssembly(trx: TenantTrx, recordingId: RecordingId): Promise<Assembly | undefined> {
  const row = await trx
    .selectFrom("assembly")
    .select("result")
    .where("recording_id", "=", recordingId)
    .orderBy("revision", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.result;
}
