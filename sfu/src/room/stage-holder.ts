import type { Log } from "@verbatim/hands/log";
import { DomainError } from "@verbatim/shared/errors";
import type { ServerMessage, Session } from "@verbatim/shared/signal/protocol";
import type { MediaEngine } from "../engine/engine.ts";
import type { Member } from "./member.ts";
import type { Published } from "./published.ts";
import type { SeatRecord, Seats } from "./seats.ts";
import { createStage, type Stage } from "./stage.ts";
import type { Tally } from "./traffic.ts";

/** How long media of a lost websocket, or of the session before this one, goes on. */
export const retainMs = 10_000;
/** After a new session's media arrived, the old one's is not needed any more; a camera may take longer than a microphone. */
const AFTER_FLOW_MS = 2_000;
/** A worker may die while we build on it. */
const ATTEMPTS = 3;

/** The room's stage: built when it is needed, rebuilt when its worker died, gone when nobody has a seat. */
export type StageHolder = {
  published(): readonly Published[];
  readonly current: Stage | null;
  /** A fresh session for the holder of a seat; the one before goes on until this one's media arrives. */
  openSession(record: SeatRecord, member: Member): Promise<Session>;
  /** The seat's websocket is lost: its media ends in a while, unless it comes back. */
  expire(record: SeatRecord): void;
  /** Ends a seat's media at once. */
  drop(record: SeatRecord): void;
  close(): void;
};

export function createStageHolder(options: {
  readonly engine: MediaEngine;
  readonly seats: Seats;
  readonly log: Log;
  /** What others see of media changed. */
  readonly changed: () => void;
  readonly levels: (message: Extract<ServerMessage, { type: "levels" }>) => void;
  readonly ended: Tally["ended"];
}): StageHolder {
  const { engine, seats, log } = options;
  let building: Promise<Stage> | null = null;
  let current: Stage | null = null;
  /** Grows when everything is closed; what was asked for before then is closed when it arrives. */
  let generation = 0;
  const timers = new Map<string, NodeJS.Timeout>();

  const stage = async (): Promise<Stage> => {
    if (current && !current.isLost) return current;
    building ??= build();
    return await building;
  };
  const build = async (): Promise<Stage> => {
    const asked = generation;
    const built = await createStage(
      engine,
      {
        changed: options.changed,
        flowing: (sessionId) => {
          const record = [...seats.all()].find(({ session }) => session?.id === sessionId);
          if (record?.retained) later(record, AFTER_FLOW_MS);
        },
        lost: () => recover(),
        levels: (activeSeatId, levels) => options.levels({ type: "levels", activeSeatId, levels }),
        ended: options.ended,
      },
      log,
    ).finally(() => {
      if (asked === generation) building = null;
    });
    if (asked === generation) current = built;
    else built.close();
    return built;
  };

  /** The worker died: everybody gets a fresh session in the same seat. */
  const recover = (): void => {
    current = null;
    for (const record of seats.all()) {
      record.session = null;
      record.retained = null;
    }
    options.changed();
    for (const record of seats.all()) {
      const member = record.holder;
      // Whose first session is still being made gets it on the new worker, as the answer they wait for.
      if (!member?.served) continue;
      openSession(record, member).then(
        (session) => member.caller.send({ type: "reset", session }),
        (cause: unknown) => {
          // Its person left meanwhile, or asks for a session again by reconnecting.
          if (!(cause instanceof DomainError)) log.error("session.reset_failed", { seatId: record.seatId, cause });
          member.caller.close("internal");
        },
      );
    }
  };

  const closeRetained = (record: SeatRecord): void => {
    clearTimeout(timers.get(record.seatId));
    timers.delete(record.seatId);
    record.retained?.close();
    record.retained = null;
  };
  const later = (record: SeatRecord, ms: number): void => {
    clearTimeout(timers.get(record.seatId));
    timers.set(
      record.seatId,
      setTimeout(() => closeRetained(record), ms),
    );
  };

  const openSession = async (record: SeatRecord, member: Member): Promise<Session> => {
    for (let attempt = 1; ; attempt++) {
      const on = await stage();
      const { seatId, role } = record;
      const opened = await on
        .openSession({ seatId, role, notify: (message) => member.caller.send(message) })
        .catch((cause: unknown) => {
          if (on.isLost && attempt < ATTEMPTS) return undefined;
          throw cause;
        });
      if (opened === undefined || (on.isLost && attempt < ATTEMPTS)) continue;
      if (record.holder !== member) {
        opened.close();
        throw new DomainError("seat.taken_over", "This seat is held by another connection now.");
      }
      const before = record.session ?? record.retained;
      if (record.retained !== before) closeRetained(record);
      before?.retire();
      record.retained = before;
      record.session = opened;
      if (before) later(record, retainMs);
      member.served = true;
      return opened.session;
    }
  };

  return {
    published: () => current?.published() ?? [],
    get current() {
      return current;
    },
    openSession,
    expire(record) {
      if (record.session) {
        closeRetained(record);
        record.session.retire();
        record.retained = record.session;
        record.session = null;
      }
      if (record.retained) later(record, retainMs);
    },
    drop(record) {
      closeRetained(record);
      record.session?.close();
      record.session = null;
    },
    close() {
      for (const record of seats.all()) {
        closeRetained(record);
        record.session?.close();
        record.session = null;
      }
      generation++;
      building = null;
      current?.close();
      current = null;
    },
  };
}
