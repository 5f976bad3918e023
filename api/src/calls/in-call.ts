import type { Participant } from "@verbatim/shared/control/protocol";
import { DomainError } from "@verbatim/shared/errors";
import type { SeatId } from "@verbatim/shared/ids";

/** Seats that everybody sees in the call, by the media server's word: there, or reconnecting. */
export const seatsInCall = (participants: readonly Participant[]): ReadonlySet<SeatId> =>
  new Set(
    participants.filter(({ presence }) => presence === "here" || presence === "away").map(({ seatId }) => seatId),
  );

export const absent = (): DomainError =>
  new DomainError("call.absent", "You are not in the call now. Please come back into it.");
