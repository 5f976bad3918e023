import type { Selectable } from "kysely";
import type { InterviewId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";
import type { InterviewTable } from "../database/tables.ts";
import { notFound } from "./whole-interview.ts";

export type InterviewRow = Selectable<InterviewTable>;

/** Throws `not_found`. */
export async function interviewOf(trx: TenantTrx, id: InterviewId): Promise<InterviewRow> {
  const row = await trx.selectFrom("interview").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw notFound();
  return row;
}
