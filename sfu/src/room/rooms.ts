import type { Log } from "@verbatim/hands/log";
import type { CallState, SfuToApi } from "@verbatim/shared/control/protocol";
import { DomainError } from "@verbatim/shared/errors";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { SfuToCapture } from "@verbatim/shared/tap/protocol";
import type { MediaEngine } from "../engine/engine.ts";
import type { HostClock } from "./clock.ts";
import { createRoom, type Room } from "./room.ts";

export type TapNotice = Extract<SfuToCapture, { type: "call" | "call-gone" | "calls" }>;
export type RoomNotice = Extract<SfuToApi, { type: "room" }>;

/** Every call of this process, and who is told of their changes. */
export type Rooms = {
  /** The interview's room, made by its first joiner or by the api's word. */
  open(tenantId: TenantId, interviewId: InterviewId): Room;
  get(interviewId: InterviewId): Room | undefined;
  applyCall(call: CallState): ReturnType<Room["applyCall"]>;
  /** The api's word on which calls there are. */
  callsAre(interviewIds: readonly InterviewId[]): void;
  /** The listener first hears the state of every call and, once the api has spoken, which these are; then each change. */
  onTap(listener: (notice: TapNotice) => void): Disposable;
  onRoom(listener: (notice: RoomNotice) => void): Disposable;
  all(): Room[];
  close(): void;
};

/**
 * A room that nobody is in and that records nothing is kept for a day: its words are small, the api may not repeat
 * them, and the presence it remembers belongs to a recording that may still be assembled.
 */
const KEEP_EMPTY_MS = 24 * 3_600_000;
const SWEEP_MS = 60_000;

export function createRooms(options: {
  readonly engine: MediaEngine;
  readonly clock: HostClock;
  readonly log: Log;
}): Rooms {
  const { engine, clock, log } = options;
  const rooms = new Map<InterviewId, Room>();
  const emptySince = new Map<InterviewId, number>();
  const captures = new Set<(notice: TapNotice) => void>();
  const apis = new Set<(notice: RoomNotice) => void>();
  /** Calls that the api named last. */
  let named: readonly InterviewId[] | undefined;

  const sweep = (): void => {
    const nowMs = clock.us() / 1_000;
    for (const [interviewId, room] of rooms) {
      if (room.alive) emptySince.delete(interviewId);
      else if (!emptySince.has(interviewId)) emptySince.set(interviewId, nowMs);
      else if (nowMs - (emptySince.get(interviewId) ?? nowMs) >= KEEP_EMPTY_MS) {
        room.close();
        rooms.delete(interviewId);
        emptySince.delete(interviewId);
      }
    }
  };
  const sweeping = setInterval(sweep, SWEEP_MS);
  sweeping.unref();

  const open = (tenantId: TenantId, interviewId: InterviewId): Room => {
    const found = rooms.get(interviewId);
    // Ids are the api's and unique; another organisation's ticket for this one is forged or misdirected.
    if (found && found.tenantId !== tenantId) throw new DomainError("not_found", "There is no such interview.");
    if (found) return found;
    const room = createRoom({
      tenantId,
      interviewId,
      engine,
      clock,
      log,
      tellCaptures(call) {
        for (const tell of captures) tell(call ?? { type: "call-gone", interviewId });
      },
      tellApi(report) {
        for (const tell of apis) tell(report);
      },
    });
    rooms.set(interviewId, room);
    return room;
  };

  const toRecord = (): readonly InterviewId[] => [...rooms].flatMap(([id, room]) => (room.tapCall() ? [id] : []));
  /** Of calls that the api named and has not told us of nothing is known, so they are not over. */
  const tellCalls = (listeners: Iterable<(notice: TapNotice) => void>): void => {
    if (!named) return;
    const untold = named.filter((id) => !rooms.get(id)?.told);
    const interviewIds = [...new Set([...toRecord(), ...untold])];
    for (const tell of listeners) tell({ type: "calls", interviewIds });
  };

  return {
    open,
    get: (interviewId) => rooms.get(interviewId),
    applyCall: (call) => open(call.tenantId, call.interviewId).applyCall(call),
    callsAre(interviewIds) {
      named = interviewIds;
      tellCalls(captures);
    },
    onTap(listener) {
      captures.add(listener);
      for (const room of rooms.values()) {
        const call = room.tapCall();
        if (call) listener(call);
      }
      tellCalls([listener]);
      return { [Symbol.dispose]: () => captures.delete(listener) };
    },
    onRoom(listener) {
      apis.add(listener);
      for (const room of rooms.values()) {
        const report = room.report();
        if (report) listener(report);
      }
      return { [Symbol.dispose]: () => apis.delete(listener) };
    },
    all: () => [...rooms.values()],
    close() {
      clearInterval(sweeping);
      for (const room of rooms.values()) room.close();
      rooms.clear();
    },
  };
}
