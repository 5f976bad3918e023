import type { SeatId } from "@verbatim/shared/ids";

/** Bytes of one seat since the room was made, however many sessions it had. `audioBytes`: RTP packets of its microphone alone. */
export type Traffic = { readonly receivedBytes: number; readonly sentBytes: number; readonly audioBytes: number };
type Count = Promise<Partial<Traffic>>;

/** Adds up what a seat's sessions and microphones have carried, so that one who comes back is not counted from nothing. */
export type Tally = {
  /** Something of the seat is about to close: `count`, asked before that, is kept for good. */
  ended(seatId: SeatId, count: Count): void;
  /** With what is still open. */
  total(seatId: SeatId, open: readonly Count[]): Promise<Traffic>;
};

const nothing: Traffic = { receivedBytes: 0, sentBytes: 0, audioBytes: 0 };

export function createTally(): Tally {
  const past = new Map<SeatId, Promise<Traffic>>();
  const total: Tally["total"] = async (seatId, open) => {
    const counts = await Promise.all([past.get(seatId) ?? nothing, ...open.map(known)]);
    return counts.reduce<Traffic>(add, nothing);
  };
  return {
    ended: (seatId, count) => void past.set(seatId, total(seatId, [count])),
    total,
  };
}

const add = (one: Traffic, other: Partial<Traffic>): Traffic => ({
  receivedBytes: one.receivedBytes + (other.receivedBytes ?? 0),
  sentBytes: one.sentBytes + (other.sentBytes ?? 0),
  audioBytes: one.audioBytes + (other.audioBytes ?? 0),
});

/** A media worker that died took its counts with it. */
const known = (count: Count): Count => count.catch(() => ({}));
