import { unreachable } from "@verbatim/shared/assert";
import type { DeviceId } from "@verbatim/shared/ids";
import { seatTimes } from "@verbatim/shared/signal/protocol";

/**
 * A seat is one person's place in a room. At most one connection holds it.
 *
 *   empty ──claim──▶ held ──claim──▶ held   (new connection, epoch + 1, the old one evicted)
 *                    held ──lose───▶ away ──claim──▶ held   (epoch + 1)
 *                    held ──leave──▶ left ──claim──▶ held   (epoch + 1)
 *                                    away ──leave, or 10 min──▶ left
 *
 * `epoch` only grows; what belongs to an older one is dropped. A held seat may be silent: nothing was heard from its
 * connection since `silentSinceUs`, though nobody closed it yet. Times are the host's monotonic µs.
 */
export type Seat =
  | { readonly phase: "empty"; readonly epoch: number }
  | {
      readonly phase: "held";
      readonly epoch: number;
      readonly device: DeviceId;
      readonly connection: string;
      readonly silentSinceUs: number | null;
    }
  | { readonly phase: "away"; readonly epoch: number; readonly device: DeviceId; readonly sinceUs: number }
  | { readonly phase: "left"; readonly epoch: number; readonly device: DeviceId; readonly sinceUs: number };

export type SeatEvent =
  | { readonly type: "claim"; readonly connection: string; readonly device: DeviceId; readonly atUs: number }
  /** The connection closed without a word. */
  | { readonly type: "lose"; readonly connection: string; readonly atUs: number }
  /** Nothing was heard from the connection since `sinceUs`. */
  | { readonly type: "silent"; readonly connection: string; readonly sinceUs: number }
  | { readonly type: "heard"; readonly connection: string; readonly atUs: number }
  /** The person said goodbye, or was removed; for good. */
  | { readonly type: "leave"; readonly atUs: number }
  | { readonly type: "tick"; readonly atUs: number };

export type SeatEffect =
  | { readonly type: "evict"; readonly connection: string; readonly sameDevice: boolean }
  /** For coverage: `away` at once and from when it began, not when others are shown it. */
  | { readonly type: "presence"; readonly presence: "here" | "away" | "left"; readonly atUs: number };

export type Step = readonly [Seat, readonly SeatEffect[]];

export const emptySeat: Seat = { phase: "empty", epoch: 0 };

const MS = 1_000;

/** The whole policy of a seat. Pure: the caller performs the effects, in order. Late and repeated events change nothing. */
export function step(seat: Seat, event: SeatEvent): Step {
  switch (event.type) {
    case "claim":
      return claim(seat, event);
    case "lose": {
      // A late close of an evicted connection must not free the new holder's seat.
      if (seat.phase !== "held" || seat.connection !== event.connection) return [seat, []];
      const sinceUs = seat.silentSinceUs ?? event.atUs;
      const away: Seat = { phase: "away", epoch: seat.epoch, device: seat.device, sinceUs };
      return [away, seat.silentSinceUs === null ? [{ type: "presence", presence: "away", atUs: sinceUs }] : []];
    }
    case "silent":
      if (seat.phase !== "held" || seat.connection !== event.connection || seat.silentSinceUs !== null)
        return [seat, []];
      return [{ ...seat, silentSinceUs: event.sinceUs }, [{ type: "presence", presence: "away", atUs: event.sinceUs }]];
    case "heard":
      if (seat.phase !== "held" || seat.connection !== event.connection || seat.silentSinceUs === null)
        return [seat, []];
      return [{ ...seat, silentSinceUs: null }, [{ type: "presence", presence: "here", atUs: event.atUs }]];
    case "leave":
      return leave(seat, event.atUs);
    case "tick":
      if (seat.phase !== "away" || event.atUs < seat.sinceUs + seatTimes.seatMs * MS) return [seat, []];
      return leave(seat, seat.sinceUs + seatTimes.seatMs * MS);
    default:
      return unreachable(event);
  }
}

function claim(seat: Seat, event: Extract<SeatEvent, { type: "claim" }>): Step {
  if (seat.phase === "held" && seat.connection === event.connection) return [seat, []];
  const held: Seat = {
    phase: "held",
    epoch: seat.epoch + 1,
    device: event.device,
    connection: event.connection,
    silentSinceUs: null,
  };
  if (seat.phase !== "held") return [held, [{ type: "presence", presence: "here", atUs: event.atUs }]];
  const evict: SeatEffect = {
    type: "evict",
    connection: seat.connection,
    sameDevice: seat.device === event.device,
  };
  // Who was silent is heard again on another connection; who was not never went away.
  return [
    held,
    seat.silentSinceUs === null ? [evict] : [evict, { type: "presence", presence: "here", atUs: event.atUs }],
  ];
}

function leave(seat: Seat, atUs: number): Step {
  if (seat.phase !== "held" && seat.phase !== "away") return [seat, []];
  const left: Seat = { phase: "left", epoch: seat.epoch, device: seat.device, sinceUs: atUs };
  return [left, [{ type: "presence", presence: "left", atUs }]];
}

/** Since when nobody is heard in a taken seat, or null. */
function absentSinceUs(seat: Seat): number | null {
  if (seat.phase === "away") return seat.sinceUs;
  return seat.phase === "held" ? seat.silentSinceUs : null;
}

/** What others read. A moment's absence is not shown; after 30 s they read that the person left, though the seat is kept. */
export function shownPresence(seat: Seat, nowUs: number): "here" | "away" | "left" | null {
  if (seat.phase === "empty") return null;
  if (seat.phase === "left") return "left";
  const since = absentSinceUs(seat);
  if (since === null) return "here";
  const absentUs = nowUs - since;
  if (absentUs < seatTimes.awayMs * MS) return "here";
  return absentUs < seatTimes.leftMs * MS ? "away" : "left";
}

/** When time alone changes what `shownPresence` or a `tick` says next, or null. */
export function nextChangeUs(seat: Seat, nowUs: number): number | null {
  const since = absentSinceUs(seat);
  if (since === null) return null;
  const steps = [seatTimes.awayMs, seatTimes.leftMs, ...(seat.phase === "away" ? [seatTimes.seatMs] : [])];
  return steps.map((ms) => since + ms * MS).find((atUs) => atUs > nowUs) ?? null;
}

/** Whether the seat counts as taken: its person is there, or may come back to it. */
export const isTaken = (seat: Seat): boolean => seat.phase === "held" || seat.phase === "away";
