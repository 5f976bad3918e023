import { DomainError } from "@verbatim/shared/errors";
import type { SeatId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";

/** By a host, or with the link that made it. A new link makes a new place. */
export const closed = (): DomainError => new DomainError("seat.removed", "Your place in this interview was closed.");

/** Whether this seat's place is still theirs, as of now and not of when the transaction began to read. */
export async function hasPlace(trx: TenantTrx, seatId: SeatId): Promise<boolean> {
  const seat = await trx.selectFrom("seat").select("removed_at").where("id", "=", seatId).executeTakeFirst();
  return seat?.removed_at === null;
}

/** Throws `seat.removed`. */
export async function mustHavePlace(trx: TenantTrx, seatId: SeatId): Promise<void> {
  if (!(await hasPlace(trx, seatId))) throw closed();
}
