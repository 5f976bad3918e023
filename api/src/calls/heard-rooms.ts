import type { SfuToApi } from "@verbatim/shared/control/protocol";
import type { InterviewId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import type { Database } from "../database/database.ts";
import { writeRoom } from "./room-rows.ts";

export type Room = Extract<SfuToApi, { type: "room" }>;

/**
 * What the media server says of rooms. It says each state once, so the last of a room is kept here until it is stored:
 * an outage of Postgres must not lose that somebody came, or that everybody left.
 */
export type HeardRooms = {
  hear(room: Room): void;
  /** Tries again what could not be stored. */
  retry(): void;
  /** The media server spoke of this room since it was last connected. */
  heard(interviewId: InterviewId): boolean;
  /** What is in the rows is what the media server last said. */
  stored(interviewId: InterviewId): boolean;
  /** Something that was said could not be stored, and still is not. */
  readonly failing: boolean;
  /** Resolves when the next state of any room is in the rows. */
  nextStored(): Promise<void>;
  /** A new connection: everything will be said again. */
  beginAnew(): void;
  /** Waits for what is being stored now. */
  settled(): Promise<void>;
};

export function createHeardRooms(deps: {
  readonly database: Database;
  readonly log: Log;
  /** A room's state is in the rows. */
  readonly onStored: (room: Room) => Promise<unknown>;
}): HeardRooms {
  const { database, log, onStored } = deps;
  const waiting = new Map<InterviewId, Room>();
  const storing = new Map<InterviewId, Promise<void>>();
  const heard = new Set<InterviewId>();
  const failing = new Set<InterviewId>();
  let next = Promise.withResolvers<void>();

  const storeAll = async (interviewId: InterviewId): Promise<void> => {
    for (let room = waiting.get(interviewId); room; room = waiting.get(interviewId)) {
      const { tenantId, participants, presence } = room;
      await database.tenant(tenantId, (trx) => writeRoom(trx, { tenantId, interviewId }, participants, presence));
      // Another one that came meanwhile is stored next.
      if (waiting.get(interviewId) === room) waiting.delete(interviewId);
      failing.delete(interviewId);
      next.resolve();
      next = Promise.withResolvers();
      await onStored(room);
    }
  };

  const store = (interviewId: InterviewId): void => {
    if (storing.has(interviewId)) return;
    const done = storeAll(interviewId)
      .catch((cause: unknown) => {
        if (waiting.has(interviewId)) failing.add(interviewId);
        log.error("calls.room_failed", { interviewId, cause });
      })
      .finally(() => storing.delete(interviewId));
    storing.set(interviewId, done);
  };

  return {
    hear(room) {
      heard.add(room.interviewId);
      waiting.set(room.interviewId, room);
      store(room.interviewId);
    },
    retry() {
      for (const interviewId of waiting.keys()) store(interviewId);
    },
    heard: (interviewId) => heard.has(interviewId),
    stored: (interviewId) => heard.has(interviewId) && !waiting.has(interviewId),
    get failing() {
      return failing.size > 0;
    },
    nextStored: () => next.promise,
    beginAnew: () => heard.clear(),
    async settled() {
      await Promise.all(storing.values());
    },
  };
}
