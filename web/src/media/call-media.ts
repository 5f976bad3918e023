import type { Participant } from "@verbatim/shared/control/protocol";
import type { Session } from "@verbatim/shared/signal/protocol";
import type { types } from "mediasoup-client";
import { createObservable, type Observable } from "../observable/observable.ts";
import { RequestRefused } from "../signal/connection.ts";
import type { BrowserDevice } from "./browser-device.ts";
import { chooseLayer, firstChoice, type Layer, type LayerChoice, type Shown } from "./layer.ts";
import type { LocalMedia } from "./local-media.ts";
import { type Path, type PathEvent, stepPath } from "./path.ts";
import { publish, type Publisher } from "./publisher.ts";
import { type Quality, qualityOf, receivedBytes, type Traffic, trafficOf } from "./quality.ts";
import { type ConsumerNotice, createReceiver, newest, type Remote } from "./receiver.ts";
import { type Ask, openTransports, type Transports } from "./transports.ts";
import { createWatchdog } from "./watchdog.ts";

export type MediaHealth = { readonly path: Path["phase"]; readonly quality: Quality | "unknown" };

export type CallMedia = {
  readonly remotes: Observable<readonly Remote[]>;
  readonly health: Observable<MediaHealth>;
  /** Takes up a session: at first, and after a reconnection. What was before goes on until the new one is connected. */
  readonly enter: (session: Session) => Promise<void>;
  /** The media server's worker died: what was before is dead, whatever the browser still believes. */
  readonly restart: (session: Session) => Promise<void>;
  readonly consumer: (notice: ConsumerNotice) => void;
  readonly consumerClosed: (consumerId: string) => void;
  readonly networkChanged: () => void;
  /** Once per second. */
  readonly tick: (participants: readonly Participant[]) => void;
  /** How a camera's picture is shown now: it is asked for no larger than that. */
  readonly shown: (consumerId: string, shown: Shown) => void;
  readonly drop: () => void;
};

export type CallMediaOptions = {
  readonly ask: Ask;
  readonly local: LocalMedia;
  readonly browser: BrowserDevice;
  readonly now: () => number;
  /** Which layer of a camera to begin with, until it is known how large it is shown. */
  readonly layer: Layer;
};

/** One session's transports and what is sent over them. */
type Stage = { readonly transports: Transports; readonly publisher: Publisher | undefined };

/** The server ends what a session replaced 2 s after the new one's media arrived; a moment more loses nothing. */
const OVERLAP_MS = 3_000;

/**
 * The media of one call: transports, what is sent, what is received, and their repair. A new session is built beside
 * the one it replaces, which goes on until the new one is connected: nobody hears the change.
 */
export function createCallMedia({ ask, local, browser, now, layer }: CallMediaOptions): CallMedia {
  const receiver = createReceiver();
  const health = createObservable<MediaHealth>({ path: "none", quality: "unknown" });
  const watchdog = createWatchdog();
  const layers = new Map<string, LayerChoice>();
  let path: Path = { phase: "none" };
  /** Of the newest session: the others' media may be announced before they are there. */
  let opening: Promise<Transports> | undefined;
  let current: Stage | undefined;
  let replaced: Stage | undefined;
  let overlap: ReturnType<typeof setTimeout> | undefined;
  /** Fences building: a newer session, or leaving, makes an older building worthless. */
  let building = 0;
  /** When the path was last made or mended. */
  let settledAtMs = 0;
  let traffic: { readonly atMs: number; readonly sum: Traffic } | undefined;

  function happen(event: PathEvent): void {
    const [next, effects] = stepPath(path, event);
    if (next.phase === "good" && path.phase !== "good") settledAtMs = now();
    path = next;
    if (next.phase !== health.get().path) health.set({ ...health.get(), path: next.phase });
    if (next.phase === "good" && replaced) overlap ??= setTimeout(endReplaced, OVERLAP_MS);
    for (const effect of effects) {
      const repair = effect.type === "restart-ice" ? restartIce() : renew();
      repair.catch(() => happen({ type: "repair-failed", atMs: now() }));
    }
  }

  async function restartIce(): Promise<void> {
    if (!current) return;
    const { transports } = current;
    await Promise.all(
      bothOf(transports).map(async (transport) => {
        // One that never carried anything has no path to restart.
        if (transport.connectionState === "new") return;
        const { iceParameters, iceServers } = await ask({ type: "restart-ice", transportId: transport.id });
        if (iceServers?.length && !transport.closed)
          await transport.updateIceServers({ iceServers: iceServers as RTCIceServer[] });
        if (iceParameters && !transport.closed)
          await transport.restartIce({ iceParameters: iceParameters as types.IceParameters });
      }),
    );
  }

  async function renew(): Promise<void> {
    const { session } = await ask({ type: "renew-session" });
    if (session) await build(session);
  }

  async function build(session: Session): Promise<void> {
    const turn = ++building;
    opening = openTransports(browser, session, ask, () => local.get().muted, {
      state: (state) => {
        if (turn === building) happen({ type: "transports", state, atMs: now() });
      },
      refused: () => {
        if (turn === building) happen({ type: "transports", state: "failed", atMs: now() });
      },
    });
    const transports = await opening;
    if (turn !== building) return transports.close();
    endReplaced();
    replaced = current;
    replaced?.publisher?.dispose();
    // One that is broken already would only take the camera's and the network's time from the new one.
    if (replaced && !bothOf(replaced.transports).some(({ connectionState }) => connectionState === "connected"))
      endReplaced();
    traffic = undefined;
    // Asked before anything is produced: what we send and what we ask for share the wait.
    const consuming = consume(transports);
    current = { transports, publisher: send(transports, session, turn) };
    happen({ type: "built", atMs: now() });
    await consuming;
  }

  function send({ send: transport }: Transports, session: Session, turn: number): Publisher | undefined {
    if (!transport) return undefined;
    const codec = session.routerRtpCapabilities.codecs?.find(({ mimeType }) => mimeType.toLowerCase() === "video/vp8");
    return publish(transport, local, codec as types.RtpCodecCapability | undefined, {
      closed: (producerId) => tell(ask({ type: "close-producer", producerId })),
      muted: (producerId, muted) => tell(ask({ type: "mute", producerId, muted })),
      failed: () => {
        if (turn === building) happen({ type: "transports", state: "failed", atMs: now() });
      },
    });
  }

  async function consume({ rtpCapabilities }: Transports): Promise<void> {
    await ask({ type: "consume", rtpCapabilities });
  }

  function endReplaced(): void {
    clearTimeout(overlap);
    overlap = undefined;
    replaced?.transports.close();
    replaced = undefined;
  }

  function close(): void {
    endReplaced();
    current?.publisher?.dispose();
    current?.transports.close();
    current = undefined;
    opening = undefined;
    layers.clear();
  }

  async function receive(notice: ConsumerNotice): Promise<void> {
    if (!opening || (await receiver.add(recvOf(opening), notice)) === "known") return;
    const { consumerId } = notice;
    if (notice.medium === "camera") {
      const { layer: wanted } = layers.get(consumerId) ?? firstChoice(layer);
      if (wanted < 2) tell(ask({ type: "prefer-layers", consumerId, spatialLayer: wanted }));
    }
    await ask({ type: "resume-consumer", consumerId });
  }

  function choose(consumerId: string, shown: Shown): void {
    const before = layers.get(consumerId) ?? firstChoice(layer);
    const after = chooseLayer(before, shown);
    layers.set(consumerId, after);
    if (after.layer !== before.layer) tell(ask({ type: "prefer-layers", consumerId, spatialLayer: after.layer }));
  }

  async function measure(participants: readonly Participant[]): Promise<void> {
    const measured = current;
    if (!measured || path.phase !== "good") return;
    const { recv, send: sending } = measured.transports;
    const [received, sent] = await Promise.all([recv.getStats(), sending?.getStats()]);
    if (current !== measured || path.phase !== "good") return;
    const bytes = receivedBytes(received);
    // Sound alone: the media server itself holds pictures back when the network, or the machine, is short.
    const watched = newest(receiver.remotes.get())
      .filter(({ medium }) => medium === "audio")
      .map(({ consumerId, track, seatId }) => ({
        consumerId,
        bytes: bytes.get(track.id) ?? 0,
        producerLive: participants.some(
          (one) => one.seatId === seatId && one.presence === "here" && one.microphone === "on",
        ),
      }));
    // The server makes consumers anew only with a session of their own; the overlap keeps everything else heard.
    if (watchdog.look(watched, now(), settledAtMs).length > 0) happen({ type: "stalled", atMs: now() });
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
    enter: build,
    restart: (session) => {
      close();
      return build(session);
    },
    consumer: (notice) => tell(receive(notice)),
    shown: choose,
    consumerClosed: (consumerId) => {
      layers.delete(consumerId);
      receiver.remove(consumerId);
    },
    networkChanged: () => happen({ type: "network-changed", atMs: now() }),
    tick: (participants) => {
      happen({ type: "tick", atMs: now() });
      tell(measure(participants));
    },
    drop: () => {
      building++;
      close();
      happen({ type: "dropped" });
    },
  };
}

async function recvOf(opening: Promise<Transports>): Promise<types.Transport | undefined> {
  try {
    return (await opening).recv;
  } catch {
    // Told to whoever began the session; there is nothing to receive over.
    return undefined;
  }
}

const bothOf = ({ recv, send }: Transports): types.Transport[] => (send ? [recv, send] : [recv]);

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

function sum(a: Traffic, b: Traffic | undefined): Traffic {
  if (!b) return a;
  const roundTripMs = Math.max(a.roundTripMs ?? 0, b.roundTripMs ?? 0);
  return { packets: a.packets + b.packets, lost: a.lost + b.lost, roundTripMs };
}
