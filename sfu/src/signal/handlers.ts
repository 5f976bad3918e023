import { DomainError } from "@verbatim/shared/errors";
import type { ClientMessage, ClientRequest, ServerMessage } from "@verbatim/shared/signal/protocol";
import type { Membership } from "../room/member.ts";
import type { ProbeDesk } from "./probe.ts";

type Of<Type extends ClientRequest> = Extract<ClientMessage, { type: Type }>;

/** What an answer carries besides `ok` and its id. */
export type Answer = Omit<Extract<ServerMessage, { type: "ok" }>, "type" | "id">;

/** A connection after its hello: in a call (or at its door), or a device check that knows no call. */
export type Guest =
  | { readonly type: "call"; readonly membership: Membership }
  | { readonly type: "probe"; readonly desk: ProbeDesk };

/** One entry per message type: a new message does not compile until it has one. */
export type Handlers = {
  readonly [Type in ClientRequest]: (guest: Guest, message: Of<Type>) => Promise<Answer> | Answer;
};

const nothing: Answer = {};

const call = (guest: Guest): Membership => {
  if (guest.type === "call") return guest.membership;
  throw new DomainError("auth.forbidden", "This connection is for the device check.");
};

const desk = (guest: Guest): ProbeDesk => {
  if (guest.type === "probe") return guest.desk;
  throw new DomainError("auth.forbidden", "This connection is for the call.");
};

export const handlers: Handlers = {
  hello() {
    throw new DomainError("state.conflict", "Hello was said before.");
  },
  ping: () => nothing,
  async "connect-transport"(guest, { transportId, dtlsParameters }) {
    if (guest.type === "probe") await guest.desk.connect(transportId, dtlsParameters);
    else await call(guest).media().connect(transportId, dtlsParameters);
    return nothing;
  },
  async "restart-ice"(guest, { transportId }) {
    return await call(guest).media().restartIce(transportId);
  },
  async "renew-session"(guest) {
    return { session: await call(guest).renew() };
  },
  async produce(guest, message) {
    return { producerId: await call(guest).media().produce(message) };
  },
  "close-producer"(guest, { producerId }) {
    call(guest).media().closeProducer(producerId);
    return nothing;
  },
  async mute(guest, { producerId, muted }) {
    await call(guest).media().mute(producerId, muted);
    return nothing;
  },
  consume(guest, { rtpCapabilities }) {
    call(guest).media().consume(rtpCapabilities);
    return nothing;
  },
  async "resume-consumer"(guest, { consumerId }) {
    await call(guest).media().resume(consumerId);
    return nothing;
  },
  async "prefer-layers"(guest, { consumerId, spatialLayer }) {
    await call(guest).media().preferLayer(consumerId, spatialLayer);
    return nothing;
  },
  pause(guest, { paused, by }) {
    call(guest).pause(paused ? (by ?? "phone") : undefined);
    return nothing;
  },
  quality(guest, { level }) {
    call(guest).quality(level);
    return nothing;
  },
  admit(guest, { seatId, deviceId }) {
    call(guest).admit(seatId, deviceId);
    return nothing;
  },
  deny(guest, { seatId, deviceId }) {
    call(guest).deny(seatId, deviceId);
    return nothing;
  },
  "ask-microphone"(guest, { seatId, muted }) {
    call(guest).askMicrophone(seatId, muted);
    return nothing;
  },
  leave(guest) {
    call(guest).leave();
    return nothing;
  },
  async "probe-transport"(guest, { protocol }) {
    return await desk(guest).open(protocol);
  },
  async "probe-count"(guest, { transportId }) {
    return { received: await desk(guest).received(transportId) };
  },
  async "probe-data"(guest, { transportId, sctpStreamParameters }) {
    return { dataProducerId: await desk(guest).produceData(transportId, sctpStreamParameters) };
  },
};

/** Calls the handler of a message's own type; the cast is sound because both come from the same key. */
export async function answer(guest: Guest, message: ClientMessage): Promise<Answer> {
  const handle = handlers[message.type] as (guest: Guest, message: ClientMessage) => Promise<Answer> | Answer;
  return await handle(guest, message);
}
