import type { Database } from "../database/database.ts";

/** Interviews that are being recorded now, so that whoever stops the machine is warned by name. */
export async function recordingNow(database: Database): Promise<{ title: string }[]> {
  const tenants = await database.system((trx) => trx.selectFrom("tenant").select("id").execute());
  const found: { title: string }[] = [];
  for (const { id } of tenants) {
    const rows = await database.tenant(id, (trx) =>
      trx
        .selectFrom("recording")
        .innerJoin("interview", "interview.id", "recording.interview_id")
        .select("interview.title")
        .where("phase", "in", ["recording", "paused"])
        .execute(),
    );
    found.push(...rows);
  }
  return found;
}
