import type { Log } from "@verbatim/hands/log";
import { DomainError } from "@verbatim/shared/errors";
import { type DeviceId, hosts, type SeatId, speaks } from "@verbatim/shared/ids";
import type { Session } from "@verbatim/shared/signal/protocol";
import type { Ticket } from "@verbatim/shared/ticket";
import type { EntryDecision } from "../seat/entry.ts";
import type { HostClock } from "./clock.ts";
import type { Caller, Member, Membership } from "./member.ts";
import type { SeatRecord, Seats } from "./seats.ts";
import type { StageHolder } from "./stage-holder.ts";

type Entered = Omit<Membership, "welcome"> & { readonly session: Session | null };
type Welcome = Exclude<EntryDecision, { type: "refuse" }>;

/** Who comes in, who waits, who goes: performs what the seat's rules decide, on connections and their media. */
export type Door = {
  enter(record: SeatRecord, ticket: Ticket, caller: Caller, decision: Welcome): Promise<Entered>;
  /** Empties a seat for good, whoever holds it or waits for it. The caller has closed their sockets. */
  clear(record: SeatRecord): void;
};

export function createDoor(options: {
  readonly seats: Seats;
  readonly stages: StageHolder;
  readonly clock: HostClock;
  readonly log: Log;
  readonly changed: () => void;
}): Door {
  const { seats, stages, clock, log, changed } = options;

  /** Gives a seat to a connection. Who held it before is gone when this returns; media is opened by the caller. */
  const seatMember = (record: SeatRecord, member: Member): void => {
    const { id: connection } = member.caller;
    const { deviceId: device } = member.ticket;
    const before = record.holder;
    const evictions = seats.apply(record, { type: "claim", connection, device, atUs: clock.us() });
    member.phase = "in";
    record.devices.add(device);
    record.waiting.delete(device);
    record.holder = member;
    record.held = undefined;
    for (const { sameDevice } of evictions) {
      log.info("seat.taken_over", { seatId: record.seatId, epoch: record.seat.epoch, sameDevice });
      if (before) {
        before.phase = "gone";
        before.caller.close("seat.taken_over");
      }
      // Another tab, or the same one back before we noticed that it was lost: its sound goes on until the new one's
      // arrives. Another device's microphone ends with its right to the seat.
      if (!sameDevice) stages.drop(record);
    }
    changed();
  };

  const wait = (record: SeatRecord, member: Member): void => {
    const { deviceId } = member.ticket;
    const before = record.waiting.get(deviceId);
    if (before) {
      before.phase = "gone";
      before.caller.close("seat.taken_over");
    }
    record.waiting.set(deviceId, member);
    log.info("seat.knocked", { seatId: record.seatId, secondDevice: member.secondDevice });
    changed();
  };

  /** Forgets a connection. True when it was still one of this room's. */
  const part = (record: SeatRecord, member: Member): boolean => {
    if (member.phase === "gone") return false;
    member.phase = "gone";
    if (record.holder === member) record.holder = null;
    if (record.waiting.get(member.ticket.deviceId) === member) record.waiting.delete(member.ticket.deviceId);
    return true;
  };

  const lost = (record: SeatRecord, member: Member): void => {
    const held = record.holder === member;
    if (!part(record, member)) return;
    if (held) {
      seats.apply(record, { type: "lose", connection: member.caller.id, atUs: clock.us() });
      stages.expire(record);
    }
    changed();
  };

  const mustHost = (member: Member, why: string): void => {
    if (member.phase !== "in" || !hosts(member.ticket.role)) throw new DomainError("auth.forbidden", why);
  };

  const knocker = (host: Member, seatId: SeatId, deviceId: DeviceId): [SeatRecord, Member] => {
    mustHost(host, "Only the interviewers let people in.");
    const record = seats.get(seatId);
    const member = record?.waiting.get(deviceId);
    if (!record || !member) throw new DomainError("not_found", "Nobody waits there any more.");
    return [record, member];
  };

  /** Who said ahead what they can receive is offered it right behind their session: a round trip less until they hear. */
  const offer = (record: SeatRecord, member: Member): void => {
    const { rtpCapabilities } = member.caller;
    if (rtpCapabilities && member.served && record.holder === member) record.session?.consume(rtpCapabilities);
  };

  const admit = (record: SeatRecord, member: Member): void => {
    seatMember(record, member);
    stages.openSession(record, member).then(
      (session) => {
        member.caller.send({ type: "admitted", session });
        offer(record, member);
      },
      (cause: unknown) => {
        // They may have gone in this moment; otherwise they come back by reconnecting, admitted by then.
        if (!(cause instanceof DomainError)) log.error("session.failed", { seatId: record.seatId, cause });
        member.caller.close("internal");
      },
    );
  };

  return {
    async enter(record, ticket, caller, decision) {
      const secondDevice = decision.type === "wait" && decision.secondDevice;
      const member: Member = { ticket, caller, phase: "waiting", secondDevice, served: false };
      let session: Session | null = null;
      if (decision.type === "wait") wait(record, member);
      else {
        seatMember(record, member);
        session = await stages.openSession(record, member).catch((thrown: unknown) => {
          lost(record, member);
          throw thrown;
        });
      }
      return {
        session,
        get phase() {
          return member.phase;
        },
        welcomed: () => offer(record, member),
        media() {
          if (member.phase === "waiting") throw new DomainError("auth.forbidden", "Please wait until you are let in.");
          if (member.phase === "gone" || record.holder !== member) {
            throw new DomainError("seat.taken_over", "This seat is held by another connection now.");
          }
          if (!record.session) throw new DomainError("state.conflict", "A new session is on its way.");
          return record.session;
        },
        async renew() {
          if (member.phase !== "in") throw new DomainError("auth.forbidden", "Please wait until you are let in.");
          return await stages.openSession(record, member);
        },
        pause(held) {
          if (member.phase !== "in" || record.held === held) return;
          record.held = held;
          changed();
        },
        quality(level) {
          if (member.phase !== "in") return;
          record.quality = level;
          changed();
        },
        admit(seatId, deviceId) {
          admit(...knocker(member, seatId, deviceId));
        },
        deny(seatId, deviceId) {
          const [denied, knocking] = knocker(member, seatId, deviceId);
          part(denied, knocking);
          knocking.caller.close("seat.removed");
          log.info("seat.denied", { seatId });
          changed();
        },
        askMicrophone(seatId, muted) {
          mustHost(member, "Only the interviewers mute others.");
          const asked = seats.get(seatId)?.holder;
          if (!asked || !speaks(asked.ticket.role)) throw new DomainError("not_found", "Nobody speaks there any more.");
          asked.caller.send({ type: "microphone-asked", muted, byName: record.name });
        },
        leave() {
          const held = record.holder === member;
          if (!part(record, member)) return;
          if (held) {
            seats.apply(record, { type: "leave", atUs: clock.us() });
            stages.drop(record);
            if (!seats.anyTaken()) stages.close();
          }
          changed();
        },
        lost: () => lost(record, member),
        silent(sinceUs) {
          seats.apply(record, { type: "silent", connection: caller.id, sinceUs });
          changed();
        },
        heard() {
          seats.apply(record, { type: "heard", connection: caller.id, atUs: clock.us() });
          changed();
        },
      };
    },
    clear(record) {
      for (const member of [record.holder, ...record.waiting.values()]) if (member) part(record, member);
      seats.apply(record, { type: "leave", atUs: clock.us() });
      stages.drop(record);
    },
  };
}
