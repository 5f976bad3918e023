import type { PresenceChange } from "@verbatim/shared/control/protocol";

/** Changes of one seat that a report carries. Two hours of a connection that drops once a minute. */
export const PRESENCE_OF_SEAT = 240;

/**
 * The changes with one more, oldest first. Every report carries all of them, and the api takes frames of a bounded size:
 * of a seat that changes without end its first absence is forgotten, as if the person had stayed. That claims more
 * presence than there was, never less, so what is missing of their sound is still named. An api that listened has
 * stored it long before.
 */
export function withPresence(changes: readonly PresenceChange[], change: PresenceChange): readonly PresenceChange[] {
  const all = [...changes, change];
  const own = all.filter(({ seatId }) => seatId === change.seatId);
  if (own.length <= PRESENCE_OF_SEAT) return all;
  const back = own.findIndex(({ presence }, n) => n > 0 && presence === "here");
  const forgotten = new Set(own.slice(1, back + 1));
  return all.filter((one) => !forgotten.has(one));
}
