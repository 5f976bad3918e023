import type { HeldBy, Participant, PresenceChange } from "@verbatim/shared/control/protocol";
import { type DeviceId, type Role, type SeatId, speaks } from "@verbatim/shared/ids";
import type { Ticket } from "@verbatim/shared/ticket";
import { emptySeat, isTaken, type Seat, type SeatEffect, type SeatEvent, step } from "../seat/seat.ts";
import { type Bucket, createBucket } from "../socket/bucket.ts";
import type { Member } from "./member.ts";
import { withPresence } from "./presence.ts";
import type { StageSession } from "./session.ts";

/** Everything a room keeps about one seat. */
export type SeatRecord = {
  readonly seatId: SeatId;
  readonly role: Role;
  name: string;
  consented: boolean;
  quality: Participant["quality"];
  /** Kept while the connection is lost: a phone that stands still says nothing more. */
  held: HeldBy | undefined;
  seat: Seat;
  /** Devices that a host let in, or that walked in by right. */
  readonly devices: Set<DeviceId>;
  /** The connection that holds the seat. */
  holder: Member | null;
  /** How often the seat may be entered. */
  readonly entries: Bucket;
  /** Connections waiting for a host, by device. */
  readonly waiting: Map<DeviceId, Member>;
  session: StageSession | null;
  /** The session before this one, until the new one's media arrives. */
  retained: StageSession | null;
};

export type Seats = {
  all(): IterableIterator<SeatRecord>;
  get(seatId: SeatId): SeatRecord | undefined;
  /** The record of a ticket's seat, made when it is new. */
  of(ticket: Ticket): SeatRecord;
  /** Steps a seat, remembers its presence, and says which connection has to go. */
  apply(record: SeatRecord, event: SeatEvent): readonly Extract<SeatEffect, { type: "evict" }>[];
  observersBut(seatId: SeatId): number;
  anyTaken(): boolean;
  anyWaiting(): boolean;
  /** Changes of speaking seats' presence since the room was made, oldest first; of a restless seat not all. */
  readonly presence: readonly PresenceChange[];
};

/** A page that drops comes back after a second or more. What comes faster and for longer is no person. */
const ENTRIES = { perSecond: 1, atOnce: 30 };

export function createSeats(nowUs: () => number): Seats {
  const records = new Map<SeatId, SeatRecord>();
  let presence: readonly PresenceChange[] = [];
  const values = (): SeatRecord[] => [...records.values()];
  return {
    all: () => records.values(),
    get: (seatId) => records.get(seatId),
    of(ticket) {
      const found = records.get(ticket.seatId);
      if (found) return found;
      const made: SeatRecord = {
        seatId: ticket.seatId,
        role: ticket.role,
        name: ticket.name,
        consented: ticket.consented,
        quality: "unknown",
        held: undefined,
        seat: emptySeat,
        devices: new Set(),
        holder: null,
        entries: createBucket(ENTRIES.perSecond, nowUs(), ENTRIES.atOnce),
        waiting: new Map(),
        session: null,
        retained: null,
      };
      records.set(ticket.seatId, made);
      return made;
    },
    apply(record, event) {
      const [seat, effects] = step(record.seat, event);
      record.seat = seat;
      for (const effect of effects) {
        if (effect.type !== "presence" || !speaks(record.role)) continue;
        const { seatId, role } = record;
        presence = withPresence(presence, { seatId, role, presence: effect.presence, atUs: effect.atUs });
      }
      return effects.filter((effect) => effect.type === "evict");
    },
    observersBut: (seatId) =>
      values().filter((one) => one.role === "observer" && one.seatId !== seatId && isTaken(one.seat)).length,
    anyTaken: () => values().some(({ seat }) => isTaken(seat)),
    anyWaiting: () => values().some(({ waiting }) => waiting.size > 0),
    get presence() {
      return presence;
    },
  };
}
