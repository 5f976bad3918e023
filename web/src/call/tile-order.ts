import type { Participant } from "@verbatim/shared/control/protocol";
import { type Role, type SeatId, speaks } from "@verbatim/shared/ids";

/**
 * Who has a tile, and in which order: the person one came to see first, oneself last. A person away keeps the tile,
 * so that nothing moves when the connection comes back.
 */
export function tileOrder(participants: readonly Participant[], self: SeatId, role: Role): Participant[] {
  const rank = (person: Participant): number => {
    if (person.seatId === self) return 3;
    if (role === "candidate") return person.role === "interviewer" ? 0 : 1;
    return person.role === "candidate" ? 0 : 1;
  };
  return participants
    .filter((person) => speaks(person.role) && (person.presence === "here" || person.presence === "away"))
    .toSorted((a, b) => rank(a) - rank(b) || a.seatId.localeCompare(b.seatId));
}

/** Who is shown large after `now`: each other person in turn, then nobody. */
export function nextLarge(order: readonly Participant[], self: SeatId, now: SeatId | undefined): SeatId | undefined {
  const others = order.filter(({ seatId }) => seatId !== self);
  return others[others.findIndex(({ seatId }) => seatId === now) + 1]?.seatId;
}
