import type { Log } from "@verbatim/hands/log";
import type { CallState, SfuToApi } from "@verbatim/shared/control/protocol";
import { DomainError } from "@verbatim/shared/errors";
import { hosts, type InterviewId, type SeatId, type TenantId } from "@verbatim/shared/ids";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import type { ServerMessage } from "@verbatim/shared/signal/protocol";
import type { SfuToCapture } from "@verbatim/shared/tap/protocol";
import type { Ticket } from "@verbatim/shared/ticket";
import type { MediaEngine, MediaTap, TapOptions } from "../engine/engine.ts";
import { decideEntry } from "../seat/entry.ts";
import { isTaken, nextChangeUs } from "../seat/seat.ts";
import type { HostClock } from "./clock.ts";
import { createDoor } from "./door.ts";
import type { Caller, Membership } from "./member.ts";
import { createPublisher, whenChanged } from "./publisher.ts";
import { acceptRecording, isOpen } from "./recording.ts";
import { createSeats, type SeatRecord } from "./seats.ts";
import { audioBytes } from "./stage.ts";
import { createStageHolder } from "./stage-holder.ts";
import { createTally, type Traffic } from "./traffic.ts";
import { type Audience, recordsPicture, type RoomFacts, roomReport, roomView, tapCall } from "./view.ts";

type TapCall = Extract<SfuToCapture, { type: "call" }>;
type Report = Extract<SfuToApi, { type: "room" }>;

export type RoomOptions = {
  readonly tenantId: TenantId;
  readonly interviewId: InterviewId;
  readonly engine: MediaEngine;
  readonly clock: HostClock;
  readonly log: Log;
  /** To every capture: the whole state, or null when the call is nothing to record any more. */
  readonly tellCaptures: (call: TapCall | null) => void;
  readonly tellApi: (report: Report) => void;
};

/** One interview's call. Everything in it is decided here, synchronously; media follows. */
export type Room = {
  readonly tenantId: TenantId;
  readonly interviewId: InterviewId;
  /** Throws with the reason when the person is turned away. */
  enter(ticket: Ticket, caller: Caller): Promise<Membership>;
  /** The api's word; answers what is accepted now. An older revision changes nothing. */
  applyCall(call: CallState): { revision: number; recording: RecordingControl | null };
  caption(message: Extract<ServerMessage, { type: "caption" }>): void;
  openTap(options: TapOptions): Promise<MediaTap>;
  tapCall(): TapCall | null;
  /** The api has said what this call is. */
  readonly told: boolean;
  report(): Report | null;
  /** True while somebody holds a seat or waits, or a recording is not closed. */
  readonly alive: boolean;
  /** Of every seat that ever came in, for operators and rehearsals. */
  traffic(): Promise<({ seatId: SeatId; role: string } & Traffic)[]>;
  close(): void;
};

/** Others see a change this much later at most; a burst of changes becomes one message. */
const COALESCE_MS = 50;

export function createRoom(options: RoomOptions): Room {
  const { tenantId, interviewId, clock } = options;
  const log = options.log.with({ interviewId });
  const seats = createSeats(() => clock.us());
  const tally = createTally();
  let call: CallState | null = null;
  let recording: RecordingControl | null = null;
  let wake: NodeJS.Timeout | undefined;
  let closed = false;

  const facts = (): RoomFacts => ({
    tenantId,
    interviewId,
    call,
    recording,
    seats,
    published: stages.published(),
    nowUs: clock.us(),
    nowUtcMs: clock.utcMs(),
  });
  const isAlive = (): boolean => seats.anyTaken() || seats.anyWaiting() || isOpen(recording);

  const members = () =>
    [...seats.all()].flatMap((record) => [
      ...(record.holder ? [{ member: record.holder, audience: audienceOf(record.role) }] : []),
      ...[...record.waiting.values()].map((member) => ({ member, audience: "waiting" as const })),
    ]);

  const tellCaptures = whenChanged(options.tellCaptures);
  const tellApi = whenChanged(options.tellApi);
  const tellBrowsers = whenChanged((_shown: unknown) => {
    const now = facts();
    const views = { waiting: roomView(now, "waiting"), host: roomView(now, "host"), other: roomView(now, "other") };
    for (const { member, audience } of members()) member.caller.send({ type: "room", room: views[audience] });
  });
  const people = createPublisher(COALESCE_MS, () =>
    tellBrowsers({ ...roomView(facts(), "host"), serverNowMs: 0, startsAtMs: call?.startsAtMs }),
  );
  // Who comes in reads nothing before the api knows of it.
  const api = createPublisher(COALESCE_MS, () => tellApi(roomReport(facts())), true);

  /** Something changed: captures learn it now, people within a blink. */
  const changed = (): void => {
    if (closed) return;
    tellCaptures(tapState());
    people.touch();
    api.touch();
    plan();
  };
  const tapState = (): TapCall | null => (seats.anyTaken() || isOpen(recording) ? tapCall(facts()) : null);

  /** Time alone changes what others read of an absent person, and frees the seat in the end. */
  const plan = (): void => {
    clearTimeout(wake);
    const nowUs = clock.us();
    const next = Math.min(...[...seats.all()].map(({ seat }) => nextChangeUs(seat, nowUs) ?? Infinity));
    if (next === Infinity) return;
    wake = setTimeout(tick, Math.ceil((next - nowUs) / 1_000) + 1);
  };
  const tick = (): void => {
    for (const record of seats.all()) seats.apply(record, { type: "tick", atUs: clock.us() });
    if (!seats.anyTaken()) stages.close();
    changed();
  };

  const stages = createStageHolder({
    engine: options.engine,
    seats,
    log,
    changed,
    levels(message) {
      for (const { member, audience } of members()) if (audience !== "waiting") member.caller.send(message);
    },
    ended: tally.ended,
  });
  const door = createDoor({ seats, stages, clock, log, changed });

  /** The seat's right was withdrawn: whoever holds it or waits for it goes now. */
  const removeSeat = (record: SeatRecord, why: "seat.removed" | "seat.moved"): void => {
    if (record.holder === null && record.waiting.size === 0 && !isTaken(record.seat)) return;
    for (const member of [record.holder, ...record.waiting.values()]) member?.caller.close(why);
    door.clear(record);
    record.devices.clear();
    log.info(why, { seatId: record.seatId });
  };

  const readsCaptions = (reader: SeatRecord, seatId: SeatId): boolean =>
    reader.role === "candidate" &&
    Boolean(call?.captionsForCandidate || (reader.seatId === seatId && call?.ownCaptions));

  /** What may be read no longer does not stand until it fades. */
  const hideCaptions = (): void => {
    for (const reader of seats.all()) {
      if (reader.role !== "candidate") continue;
      for (const { seatId } of [...seats.all()].filter((each) => !readsCaptions(reader, each.seatId)))
        reader.holder?.caller.send({ type: "caption", seatId, text: "", final: true });
    }
  };

  return {
    tenantId,
    interviewId,
    async enter(ticket, caller) {
      if (closed) throw new DomainError("server.draining", "The server is going away.");
      const record = seats.of(ticket);
      if (record.role !== ticket.role) throw new DomainError("auth.forbidden", "This seat has another role.");
      const decision = decideEntry({
        seat: record.seat,
        ticket,
        deviceAdmitted: record.devices.has(ticket.deviceId),
        otherObservers: seats.observersBut(ticket.seatId),
        callEnded: call?.ended ?? false,
        removed: call?.seats.some(({ seatId, removed }) => removed && seatId === ticket.seatId) ?? false,
      });
      if (decision.type === "refuse") throw new DomainError(decision.code, decision.message);
      if (decision.type === "in" && !record.entries.take(clock.us())) {
        throw new DomainError("rate.limited", "This place is entered too often.");
      }
      record.name = ticket.name;
      record.consented = ticket.consented;
      const entered = await door.enter(record, ticket, caller, decision);
      return {
        ...entered,
        get phase() {
          return entered.phase;
        },
        welcome: {
          session: entered.session,
          room: roomView(facts(), entered.phase === "in" ? audienceOf(record.role) : "waiting"),
          secondDevice: decision.type === "wait" && decision.secondDevice,
        },
      };
    },
    applyCall(told) {
      if (call === null || told.revision >= call.revision) {
        const now = { bootId: clock.bootId, us: clock.us(), utcMs: clock.utcMs() };
        recording = acceptRecording(recording, told.recording, now);
        const ends = told.ended && !call?.ended;
        const hides = call?.captionsForCandidate && !told.captionsForCandidate;
        call = told;
        if (hides) hideCaptions();
        if (ends) {
          log.info("call.ended");
          for (const { member } of members()) {
            member.caller.send({ type: "ended" });
            member.caller.close("interview.over");
          }
          for (const record of seats.all()) door.clear(record);
          stages.close();
        }
        for (const { seatId, removed: gone, moved, consented } of told.seats) {
          const record = seats.get(seatId);
          if (record) record.consented = consented;
          if (record && gone) removeSeat(record, moved ? "seat.moved" : "seat.removed");
        }
        changed();
      }
      return { revision: call.revision, recording };
    },
    caption(message) {
      for (const reader of seats.all()) if (readsCaptions(reader, message.seatId)) reader.holder?.caller.send(message);
    },
    async openTap(tap) {
      const found = stages.published().find(({ producer }) => producer.id === tap.producerId);
      const stage = stages.current;
      if (!found || !stage) throw new DomainError("not_found", "producerId: no such producer in this call");
      if (!seats.get(found.seatId)?.consented) {
        log.warn("tap.refused", { seatId: found.seatId });
        throw new DomainError("consent.required", "This person has not accepted the notice.");
      }
      if (found.medium !== "audio" && !recordsPicture({ call })) {
        log.warn("tap.refused", { seatId: found.seatId, medium: found.medium });
        throw new DomainError("consent.required", "Only sound is recorded in this interview.");
      }
      return await stage.media.openTap(tap);
    },
    tapCall: tapState,
    get told() {
      return call !== null;
    },
    report: () => (seats.presence.length > 0 || isAlive() ? roomReport(facts()) : null),
    get alive() {
      return isAlive();
    },
    async traffic() {
      return await Promise.all(
        [...seats.all()].map(async ({ seatId, role, session, retained }) => {
          const sessions = [session, retained].flatMap((one) => (one ? [one.traffic()] : []));
          const microphones = stages.published().filter((one) => one.seatId === seatId && one.medium === "audio");
          return { seatId, role, ...(await tally.total(seatId, [...sessions, ...microphones.map(audioBytes)])) };
        }),
      );
    },
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(wake);
      people.close();
      api.close();
      for (const { member } of members()) member.caller.close("server.draining");
      stages.close();
    },
  };
}

const audienceOf = (role: Parameters<typeof hosts>[0]): Audience => (hosts(role) ? "host" : "other");
