import { type InterviewId, type Role, type SeatId, speakerName } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";

export type People = ReadonlyMap<SeatId, { readonly name: string; readonly role: Role }>;

/** Everybody who has or had a seat. */
export async function peopleOf(trx: TenantTrx, interviewId: InterviewId): Promise<People> {
  const seats = await trx
    .selectFrom("seat")
    .select(["id", "name", "several", "role"])
    .where("interview_id", "=", interviewId)
    .execute();
  return new Map(seats.map(({ id, name, several, role }) => [id, { name: speakerName(name, several), role }]));
}
