import type { Log } from "@verbatim/hands/log";
import type { SeatId } from "@verbatim/shared/ids";
import type { MediaEngine, MediaRoom } from "../engine/engine.ts";
import { type Published, superseded } from "./published.ts";
import { createSession, type SessionOptions, type StageSession } from "./session.ts";
import type { Tally } from "./traffic.ts";

export type StageEvents = {
  /** Somebody's producers changed. */
  changed(): void;
  /** The first packet of a session's new producer arrived. */
  flowing(sessionId: string): void;
  lost(): void;
  levels(activeSeatId: SeatId | null, levels: { seatId: SeatId; dBov: number }[]): void;
  readonly ended: Tally["ended"];
};

/**
 * Everything in a room that lives in one media worker: sessions, what they publish, who receives it. When the worker
 * dies the whole stage is dropped and another one built, so nothing of an old worker can be mistaken for the new one's.
 */
export type Stage = {
  readonly media: MediaRoom;
  readonly isLost: boolean;
  published(): readonly Published[];
  openSession(options: Omit<SessionOptions, "stage" | "log">): Promise<StageSession>;
  close(): void;
};

/** What sessions need from their stage. */
export type StageSide = {
  readonly media: MediaRoom;
  published(): readonly Published[];
  publish(published: Published): void;
  update(producerId: string, change: Partial<Pick<Published, "muted" | "flowing">>): void;
  withdraw(producerId: string): void;
  forget(session: StageSession): void;
  readonly ended: Tally["ended"];
};

export async function createStage(engine: MediaEngine, events: StageEvents, log: Log): Promise<Stage> {
  let published: readonly Published[] = [];
  const sessions = new Set<StageSession>();
  let lost = false;

  const seatOf = (producerId: string | null): SeatId | undefined =>
    published.find((one) => one.producer.id === producerId)?.seatId;

  const media = await engine.createRoom({
    lost() {
      lost = true;
      published = [];
      sessions.clear();
      events.lost();
    },
    levels(activeProducerId, levels) {
      events.levels(
        seatOf(activeProducerId) ?? null,
        levels.flatMap(({ producerId, dBov }) => {
          const seatId = seatOf(producerId);
          return seatId ? [{ seatId, dBov }] : [];
        }),
      );
    },
  });

  const withdraw = (producerId: string): void => {
    const found = published.find((one) => one.producer.id === producerId);
    if (!found) return;
    published = published.filter((one) => one !== found);
    if (found.medium === "audio") events.ended(found.seatId, audioBytes(found));
    found.producer.close();
    for (const session of sessions) session.drop(producerId);
    events.changed();
  };

  const side: StageSide = {
    media,
    published: () => published,
    publish(one) {
      const older = superseded([...published, one], one);
      // The one that others hear now waits for this one's packets.
      const waiting = one.flowing ? undefined : older.findLast(({ flowing }) => flowing);
      for (const other of older) if (other !== waiting) withdraw(other.producer.id);
      published = [...published, one];
      for (const session of sessions) session.offer(one);
      if (one.flowing) events.flowing(one.sessionId);
      events.changed();
    },
    update(producerId, change) {
      published = published.map((one) => (one.producer.id === producerId ? { ...one, ...change } : one));
      const updated = published.find((one) => one.producer.id === producerId);
      if (!updated) return;
      if (change.flowing) {
        for (const old of superseded(published, updated)) withdraw(old.producer.id);
        events.flowing(updated.sessionId);
      }
      events.changed();
    },
    withdraw,
    forget: (session) => sessions.delete(session),
    ended: events.ended,
  };

  return {
    media,
    get isLost() {
      return lost;
    },
    published: () => published,
    async openSession(options) {
      const session = await createSession({ ...options, stage: side, log });
      sessions.add(session);
      return session;
    },
    close() {
      for (const session of sessions) session.close();
      media.close();
    },
  };
}

/** What has come of it so far, as the seat's tally takes it. */
export const audioBytes = async ({ producer }: Published): Promise<{ audioBytes: number }> => ({
  audioBytes: await producer.receivedBytes(),
});
