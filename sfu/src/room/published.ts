import type { SeatId, TrackKind } from "@verbatim/shared/ids";
import type { MediaProducer } from "../engine/engine.ts";

/** One producer of one seat, as others may know of it. A younger one of the same medium stands behind an older one. */
export type Published = {
  readonly producer: MediaProducer;
  readonly seatId: SeatId;
  readonly medium: TrackKind;
  /** The session that sends it. */
  readonly sessionId: string;
  readonly muted: boolean;
  /** Packets have arrived. */
  readonly flowing: boolean;
};

/**
 * The producer that speaks for a seat's medium. After a reconnection the old one stays until the new one's packets
 * arrive, so that a lost websocket alone makes no gap; a recorder never sees two at once.
 */
export function speaking(all: readonly Published[], seatId: SeatId, medium: TrackKind): Published | undefined {
  const own = all.filter((one) => one.seatId === seatId && one.medium === medium);
  return own.findLast((one) => one.flowing) ?? own[0];
}

/** Older producers of the same seat and medium that a producer makes superfluous once its packets arrive. */
export function superseded(all: readonly Published[], by: Published): readonly Published[] {
  const older = all.slice(
    0,
    all.findIndex((one) => one.producer.id === by.producer.id),
  );
  return older.filter((one) => one.seatId === by.seatId && one.medium === by.medium);
}
