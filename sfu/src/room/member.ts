import type { ErrorCode } from "@verbatim/shared/errors";
import type { DeviceId, SeatId } from "@verbatim/shared/ids";
import type { HeldBy, Participant } from "@verbatim/shared/control/protocol";
import type { RtpCapabilities } from "@verbatim/shared/signal/media";
import type { RoomView, ServerMessage, Session } from "@verbatim/shared/signal/protocol";
import type { Ticket } from "@verbatim/shared/ticket";
import type { StageSession } from "./session.ts";

/** A browser's socket, as a room sees it. */
export type Caller = {
  /** Unique per connection. */
  readonly id: string;
  /** Drops the message when the socket is closed or does not keep up. */
  send(message: ServerMessage): void;
  close(code: ErrorCode): void;
  /** What its browser can receive, where that was said ahead. */
  readonly rtpCapabilities?: RtpCapabilities | undefined;
};

/** One connection of one person: waiting at the door, in the call, or gone. */
export type Member = {
  readonly ticket: Ticket;
  readonly caller: Caller;
  phase: "waiting" | "in" | "gone";
  /** Asks to move an occupied seat to this device. */
  readonly secondDevice: boolean;
  /** Has been given a session, so that a lost one is replaced by a `reset`. */
  served: boolean;
};

/** What signalling may do with a connection that a room took. */
export type Membership = {
  readonly phase: Member["phase"];
  readonly welcome: { readonly session: Session | null; readonly room: RoomView; readonly secondDevice: boolean };
  /** The welcome was sent: what belongs behind it may follow. */
  welcomed(): void;
  /** The session of a person who is in; throws for one who waits. */
  media(): StageSession;
  renew(): Promise<Session>;
  quality(level: Participant["quality"]): void;
  /** The person's phone took the page's sound and picture, or gave them back. */
  pause(held: HeldBy | undefined): void;
  admit(seatId: SeatId, deviceId: DeviceId): void;
  deny(seatId: SeatId, deviceId: DeviceId): void;
  /** A host's wish for another person's microphone, passed on to that person's page. */
  askMicrophone(seatId: SeatId, muted: boolean): void;
  /** Goodbye, at once and for good. */
  leave(): void;
  /** The socket closed. */
  lost(): void;
  silent(sinceUs: number): void;
  heard(): void;
};
