import { randomUUID } from "node:crypto";
import type { Log } from "@verbatim/hands/log";
import { DomainError } from "@verbatim/shared/errors";
import { type Role, type SeatId, speaks } from "@verbatim/shared/ids";
import type { DtlsParameters, RtpCapabilities } from "@verbatim/shared/signal/media";
import type { ClientMessage, ServerMessage, Session } from "@verbatim/shared/signal/protocol";
import type { IceRestart, MediaConsumer, MediaTransport } from "../engine/engine.ts";
import type { Published } from "./published.ts";
import type { StageSide } from "./stage.ts";

export type SessionOptions = {
  readonly seatId: SeatId;
  readonly role: Role;
  readonly notify: (message: ServerMessage) => void;
  readonly stage: StageSide;
  readonly log: Log;
};

type Produce = Extract<ClientMessage, { type: "produce" }>;

/** One browser's transports with what it sends and receives over them. */
export type StageSession = {
  readonly id: string;
  readonly session: Session;
  connect(transportId: string, dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(transportId: string): Promise<IceRestart>;
  produce(message: Produce): Promise<string>;
  closeProducer(producerId: string): void;
  mute(producerId: string, muted: boolean): Promise<void>;
  /** From now on every other seat's media is offered. Repeating it changes nothing. */
  consume(rtpCapabilities: RtpCapabilities): void;
  resume(consumerId: string): Promise<void>;
  preferLayer(consumerId: string, spatialLayer: number): Promise<void>;
  traffic(): Promise<{ receivedBytes: number; sentBytes: number }>;
  /** The stage's side: a producer appeared, or went. */
  offer(published: Published): void;
  drop(producerId: string): void;
  /** Another session takes over: what is sent and received goes on, but nothing new is offered or told. */
  retire(): void;
  close(): void;
};

export async function createSession(options: SessionOptions): Promise<StageSession> {
  const { seatId, role, notify, stage, log } = options;
  const [recv, send] = await Promise.all([
    stage.media.createTransport("recv"),
    speaks(role) ? stage.media.createTransport("send") : null,
  ]);
  const id = randomUUID();
  const consumers = new Map<string, MediaConsumer | "opening">();
  let capabilities: RtpCapabilities | undefined;
  let retired = false;
  let closed = false;

  const transport = (transportId: string): MediaTransport => {
    if (recv.id === transportId) return recv;
    if (send?.id === transportId) return send;
    throw new DomainError("not_found", "transportId: no such transport in this session");
  };
  const own = (producerId: string): Published => {
    const found = stage.published().find((one) => one.producer.id === producerId && one.sessionId === id);
    if (!found) throw new DomainError("not_found", "producerId: no such producer in this session");
    return found;
  };
  const consumer = (consumerId: string): MediaConsumer => {
    for (const one of consumers.values()) if (one !== "opening" && one.id === consumerId) return one;
    throw new DomainError("not_found", "consumerId: no such consumer in this session");
  };

  const open = async (published: Published, rtpCapabilities: RtpCapabilities): Promise<void> => {
    const producerId = published.producer.id;
    consumers.set(producerId, "opening");
    try {
      const made = await recv.consume({ producerId, rtpCapabilities });
      if (closed || retired || consumers.get(producerId) !== "opening") return made.close(); // It went while we asked.
      consumers.set(producerId, made);
      const { medium } = published;
      const { rtpParameters } = made;
      notify({ type: "consumer", consumerId: made.id, producerId, seatId: published.seatId, medium, rtpParameters });
    } catch (cause) {
      consumers.delete(producerId);
      // A browser without the codec, or a producer that ended while we asked: the person just does not get this one.
      if (!closed) log.warn("consumer.refused", { seatId, producerId, cause });
    }
  };

  const session: StageSession = {
    id,
    session: {
      routerRtpCapabilities: stage.media.rtpCapabilities,
      recv: recv.parameters,
      send: send?.parameters ?? null,
    },
    connect: (transportId, dtlsParameters) => transport(transportId).connect(dtlsParameters),
    restartIce: (transportId) => transport(transportId).restartIce(),
    async produce({ transportId, medium, rtpParameters, muted }) {
      if (!send) {
        log.warn("produce.refused", { seatId, role });
        throw new DomainError("auth.forbidden", "Observers listen and watch; they cannot send.");
      }
      if (transportId !== send.id) throw new DomainError("not_found", "transportId: not this session's send transport");
      let flowing = false;
      let publishedId: string | undefined;
      const producer = await send.produce({
        medium,
        rtpParameters,
        muted,
        onFlowing() {
          if (flowing) return;
          flowing = true;
          if (publishedId) stage.update(publishedId, { flowing });
        },
      });
      if (closed) {
        producer.close();
        throw new DomainError("state.conflict", "This session was replaced.");
      }
      publishedId = producer.id;
      stage.publish({ producer, seatId, medium, sessionId: id, muted, flowing });
      return producer.id;
    },
    closeProducer: (producerId) => stage.withdraw(own(producerId).producer.id),
    async mute(producerId, muted) {
      await own(producerId).producer.setMuted(muted);
      stage.update(producerId, { muted });
    },
    consume(rtpCapabilities) {
      capabilities = rtpCapabilities;
      for (const one of stage.published()) session.offer(one);
    },
    resume: (consumerId) => consumer(consumerId).resume(),
    preferLayer: (consumerId, spatialLayer) => consumer(consumerId).preferLayer(spatialLayer),
    async traffic() {
      const all = await Promise.all([recv.traffic(), ...(send ? [send.traffic()] : [])]);
      return {
        receivedBytes: all.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
        sentBytes: all.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
      };
    },
    offer(published) {
      if (closed || retired || !capabilities || published.seatId === seatId || consumers.has(published.producer.id))
        return;
      void open(published, capabilities); // Its failures end inside it.
    },
    drop(producerId) {
      const found = consumers.get(producerId);
      consumers.delete(producerId);
      if (found === undefined || found === "opening") return;
      found.close();
      if (!retired) notify({ type: "consumer-closed", consumerId: found.id });
    },
    retire() {
      retired = true;
    },
    close() {
      if (closed) return;
      closed = true;
      stage.forget(session);
      stage.ended(seatId, session.traffic());
      for (const one of stage.published()) if (one.sessionId === id) stage.withdraw(one.producer.id);
      send?.close();
      recv.close();
    },
  };
  return session;
}
