import type { SeatId } from "@verbatim/shared/ids";
import { RtpCapabilities } from "@verbatim/shared/signal/media";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { Session } from "@verbatim/shared/signal/protocol";
import type { types } from "mediasoup-client";
import { createObservable, type Observable } from "../observable/observable.ts";
import { RequestRefused } from "../signal/connection.ts";
import type { LocalMedia } from "./local-media.ts";
import { type Path, type PathEvent, stepPath } from "./path.ts";
import { publish, type Publisher } from "./publisher.ts";
import { type Quality, qualityOf, receivedBytes, type Traffic, trafficOf } from "./quality.ts";
import { type ConsumerNotice, createReceiver, type Remote } from "./receiver.ts";
import { type Ask, openTransports, type Transports } from "./transports.ts";
import { createWatchdog } from "./watchdog.ts";

export type MediaHealth = { readonly path: Path["phase"]; readonly quality: Quality | "unknown" };

export type CallMedia = {
  readonly remotes: Observable<readonly Remote[]>;
  readonly health: Observable<MediaHealth>;
  /** Takes up a session: keeps transports that it names again, builds new ones otherwise. */
  readonly enter: (session: Session) => Promise<void>;
  readonly consumer: (notice: ConsumerNotice) => void;
  readonly consumerClosed: (consumerId: string) => void;
  readonly networkChanged: () => void;
  /** Once per second. */
  readonly tick: (participants: readonly Participant[]) => void;
  readonly drop: () => void;
};

export type CallMediaOptions = {
  readonly ask: Ask;
  readonly local: LocalMedia;
  readonly now: () => number;
  /** The highest simulcast layer this page shows: small tiles need no full picture. */
  readonly layer: 0 | 1 | 2;
};

/** The media of one call: transports, what is sent, what is received, and their repair. */
export function createCallMedia({ ask, local, now, layer }: CallMediaOptions): CallMedia {
  const receiver = createReceiver();
  const health = createObservable<MediaHealth>({ path: "none", quality: "unknown" });
  const watchdog = createWatchdog();
  let path: Path = { phase: "none" };
  let transports: Transports | undefined;
  let publisher: Publisher | undefined;
  /** Fences building: a newer session, or leaving, makes an older building worthless. */
  let building = 0;
  let traffic: { readonly atMs: number; readonly sum: Traffic } | undefined;

  function happen(event: PathEvent): void {
    const [next, effects] = stepPath(path, event);
    path = next;
    health.set(next.phase === health.get().path ? health.get() : { ...health.get(), path: next.phase });
    for (const effect of effects) {
      const repair = effect.type === "restart-ice" ? restartIce() : renew();
      repair.catch(() => happen({ type: "repair-failed", atMs: now() }));
    }
  }

  async function restartIce(): Promise<void> {
    const open = transports;
    if (!open) return;
    const both = open.send ? [open.recv, open.send] : [open.recv];
    await Promise.all(
      both.map(async (transport) => {
        // One that never carried anything has no path to restart.
        if (transport.connectionState === "new") return;
        const { iceParameters } = await ask({ type: "restart-ice", transportId: transport.id });
        if (iceParameters && !transport.closed) await transport.restartIce({ iceParameters: iceParameters as types.IceParameters });
      }),
    );
    happen({ type: "transports", state: stateOf(open), atMs: now() });
  }

  async function renew(): Promise<void> {
    const { session } = await ask({ type: "renew-session" });
    if (session) await build(session);
  }

  async function build(session: Session): Promise<void> {
    const turn = ++building;
    release();
    const made = await openTransports(session, ask, () => local.get().muted, {
      state: (state) => {
        if (turn === building) happen({ type: "transports", state, atMs: now() });
      },
      refused: () => {
        if (turn === building) happen({ type: "transports", state: "failed", atMs: now() });
      },
    });
    if (turn !== building) {
      made.close();
      return;
    }
    transports = made;
    happen({ type: "built", atMs: now() });
    // Together: what we send and what we ask for share the wait.
    const consuming = consume(made);
    if (made.send) {
      const videoCodec = session.routerRtpCapabilities.codecs?.find((codec) => codec.mimeType.toLowerCase() === "video/vp8");
      publisher = publish(made.send, local, videoCodec as types.RtpCodecCapability | undefined, {
        closed: (producerId) => tell(ask({ type: "close-producer", producerId })),
        muted: (producerId, muted) => tell(ask({ type: "mute", producerId, muted })),
        failed: () => {
          if (turn === building) happen({ type: "transports", state: "failed", atMs: now() });
        },
      });
    }
    await consuming;
  }

  async function consume(made: Transports): Promise<void> {
    await ask({ type: "consume", rtpCapabilities: RtpCapabilities.parse(made.device.rtpCapabilities) });
  }

  function release(): void {
    publisher?.dispose();
    publisher = undefined;
    transports?.close();
    transports = undefined;
    traffic = undefined;
    receiver.clear();
  }

  async function receive(notice: ConsumerNotice): Promise<void> {
    const open = transports;
    if (!open) return;
    if ((await receiver.add(open.recv, notice)) === "known") return;
    const { consumerId } = notice;
    if (notice.medium === "camera" && layer < 2) tell(ask({ type: "prefer-layers", consumerId, spatialLayer: layer }));
    await ask({ type: "resume-consumer", consumerId });
  }

  async function measure(participants: readonly Participant[]): Promise<void> {
    const open = transports;
    if (!open || path.phase !== "good") return;
    const [received, sent] = await Promise.all([open.recv.getStats(), open.send?.getStats()]);
    if (transports !== open) return;
    const bytes = receivedBytes(received);
    const watched = receiver.remotes.get().map((remote) => ({
      consumerId: remote.consumerId,
      bytes: bytes.get(remote.track.id) ?? 0,
      producerLive: sends(participants, remote.seatId, remote.medium),
    }));
    if (watchdog.look(watched, now()).length > 0) await consume(open);
    rate(sum(trafficOf(received), sent ? trafficOf(sent) : undefined));
  }

  function rate(sumNow: Traffic): void {
    const atMs = now();
    if (traffic && atMs - traffic.atMs < 4_000) return;
    const quality = traffic ? qualityOf(traffic.sum, sumNow) : undefined;
    traffic = { atMs, sum: sumNow };
    if (!quality || quality === health.get().quality) return;
    health.set({ ...health.get(), quality });
    tell(ask({ type: "quality", level: quality }));
  }

  return {
    remotes: receiver.remotes,
    health,
    enter: async (session) => {
      const kept = transports;
      if (kept && kept.recv.id === session.recv.id && kept.send?.id === session.send?.id) {
        await consume(kept);
        if (stateOf(kept) === "disconnected") happen({ type: "network-changed", atMs: now() });
        return;
      }
      await build(session);
    },
    consumer: (notice) => tell(receive(notice)),
    consumerClosed: receiver.remove,
    networkChanged: () => happen({ type: "network-changed", atMs: now() }),
    tick: (participants) => {
      happen({ type: "tick", atMs: now() });
      tell(measure(participants));
    },
    drop: () => {
      building++;
      release();
      happen({ type: "dropped" });
    },
  };
}

/**
 * For requests whose failure is repaired elsewhere: a closed connection by the session, a refused consumer by the
 * watchdog, closed peer connections by the next build. Anything else is a bug and must surface.
 */
function tell(work: Promise<unknown>): void {
  work.catch((thrown: unknown) => {
    if (thrown instanceof RequestRefused || thrown instanceof DOMException) return;
    if (thrown instanceof Error && thrown.name === "InvalidStateError") return;
    reportError(thrown);
  });
}

function stateOf(open: Transports): "connected" | "connecting" | "disconnected" {
  const states = [open.recv.connectionState, open.send?.connectionState];
  if (states.includes("failed") || states.includes("disconnected")) return "disconnected";
  return states.includes("connected") ? "connected" : "connecting";
}

/** Whether bytes of this medium must be flowing: a muted microphone is not forwarded, and a person away sends nothing. */
function sends(participants: readonly Participant[], seatId: SeatId, medium: Remote["medium"]): boolean {
  const person = participants.find((participant) => participant.seatId === seatId);
  if (!person || person.presence !== "here") return false;
  return medium === "audio" ? person.microphone === "on" : medium === "camera" ? person.camera : person.screen;
}

function sum(a: Traffic, b: Traffic | undefined): Traffic {
  if (!b) return a;
  const roundTripMs = Math.max(a.roundTripMs ?? 0, b.roundTripMs ?? 0);
  return { packets: a.packets + b.packets, lost: a.lost + b.lost, roundTripMs };
}
