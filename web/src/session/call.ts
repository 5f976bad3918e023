import type { HeldBy } from "@verbatim/shared/control/protocol";
import type { SeatId } from "@verbatim/shared/ids";
import { type RoomView, type ServerMessage, signalProtocol } from "@verbatim/shared/signal/protocol";
import { unreachable } from "@verbatim/shared/assert";
import { CallFailed, worthRetrying } from "../api/failure.ts";
import { hearServer, noServerClock } from "../clock/server-clock.ts";
import type { BrowserDevice } from "../media/browser-device.ts";
import { type CallMedia, createCallMedia } from "../media/call-media.ts";
import type { Layer } from "../media/layer.ts";
import type { LocalMedia } from "../media/local-media.ts";
import type { Ask } from "../media/transports.ts";
import { createObservable, type Observable } from "../observable/observable.ts";
import { type Connection, createConnection, type Notice, RequestRefused, type Socket } from "../signal/connection.ts";
import { type Caption, withCaption } from "./captions.ts";
import { idle, type Session, type SessionEffect, type SessionEvent, step } from "./step.ts";

export type CallState = {
  readonly session: Session;
  readonly seatId: SeatId | null;
  readonly room: RoomView | null;
  /** Waiting because another device of this person has the seat. */
  readonly secondDevice: boolean;
  /** Add to this page's clock to get the server's. */
  readonly clockOffsetMs: number;
};

export type MicrophoneAsked = Omit<Extract<ServerMessage, { type: "microphone-asked" }>, "type">;

export type Levels = Extract<ServerMessage, { type: "levels" }>;

export type Call = {
  readonly state: Observable<CallState>;
  readonly levels: Observable<Levels | undefined>;
  /** The last words of each speaker, newest speaker last. */
  readonly captions: Observable<readonly Caption[]>;
  readonly media: CallMedia;
  readonly local: LocalMedia;
  readonly join: () => void;
  readonly leave: () => void;
  readonly answerKnock: (answer: "admit" | "deny", knock: RoomView["knocks"][number]) => Promise<void>;
  /** What a host asked of this person's microphone last; undefined once it is answered. */
  readonly asked: Observable<MicrophoneAsked | undefined>;
  readonly answerAsked: () => void;
  /** Hosts: mutes another person, or asks them to unmute. */
  readonly askMicrophone: (seatId: SeatId, muted: boolean) => Promise<void>;
  readonly networkChanged: () => void;
  /** The phone took sound or page away, or gave them back: the others are told. */
  readonly heldBy: (held: HeldBy | undefined) => void;
  /** The page came back to the front: is the connection still there? */
  readonly woke: () => void;
  readonly dispose: () => void;
};

export type CallDeps = {
  readonly takeTicket: (signal: AbortSignal) => Promise<{ readonly ticket: string; readonly url: string }>;
  readonly openSocket: (url: string) => Socket;
  readonly local: LocalMedia;
  readonly browser: BrowserDevice;
  readonly now: () => number;
  readonly layer: Layer;
};

type MediaSession = NonNullable<Welcome["session"]>;
type Welcome = NonNullable<Extract<ServerMessage, { type: "ok" }>["welcome"]>;

/** Runs one person's place in a call: performs what `step` decides, and holds what pages show. */
export function createCall(deps: CallDeps): Call {
  const state = createObservable<CallState>({
    session: idle,
    seatId: null,
    room: null,
    secondDevice: false,
    clockOffsetMs: 0,
  });
  const levels = createObservable<Levels | undefined>(undefined);
  const captions = createObservable<readonly Caption[]>([]);
  const asked = createObservable<MicrophoneAsked | undefined>(undefined);
  const disposed = new AbortController();
  let connection: Connection | undefined;
  let serverClock = noServerClock;
  let waking: ReturnType<typeof setTimeout> | undefined;

  const ask: Ask = (request) =>
    connection?.request(request) ?? Promise.reject(new RequestRefused("closed", "There is no connection."));
  const media = createCallMedia({ ...deps, ask });
  const ticking = setInterval(() => media.tick(state.get().room?.participants ?? []), 1_000);

  function happen(event: SessionEvent): void {
    const [session, effects] = step(state.get().session, event);
    if (session !== state.get().session) state.set({ ...state.get(), session });
    for (const effect of effects) perform(effect);
  }

  function perform(effect: SessionEffect): void {
    switch (effect.type) {
      case "connect":
        void connect(effect.attempt);
        return;
      case "wake":
        clearTimeout(waking);
        waking = setTimeout(() => happen({ type: "due", atMs: deps.now() }), Math.max(0, effect.atMs - deps.now()));
        return;
      case "say-leave":
        ask({ type: "leave" }).catch(() => {
          // The socket closes right behind this frame, so the answer seldom arrives; the seat's grace covers a lost one.
        });
        return;
      case "close-socket":
        connection?.close();
        connection = undefined;
        return;
      case "drop-media":
        media.drop();
        return;
      default:
        unreachable(effect);
    }
  }

  async function connect(attempt: number): Promise<void> {
    const current = (): boolean => {
      const { session } = state.get();
      return session.phase === "connecting" && session.attempt === attempt && !disposed.signal.aborted;
    };
    try {
      const { ticket, url } = await deps.takeTicket(disposed.signal);
      if (!current()) return;
      connection?.close();
      const made: Connection = createConnection(deps.openSocket(url), {
        open: () => {
          const rtpCapabilities = deps.browser.takeExpected();
          const ahead = rtpCapabilities ? { rtpCapabilities } : {};
          made.request({ type: "hello", protocol: signalProtocol.current, ticket, ...ahead }).then(
            (ok) => {
              if (ok.welcome && current()) welcomed(attempt, ok.welcome);
            },
            () => made.close(),
          );
        },
        notice: (notice) => {
          if (state.get().session.attempt === attempt) noticed(attempt, notice);
        },
        closed: (code, reason) => {
          if (connection === made) connection = undefined;
          happen({ type: "closed", attempt, code, reason, atMs: deps.now() });
        },
      });
      connection = made;
    } catch (thrown) {
      if (disposed.signal.aborted) return;
      const answered = thrown instanceof CallFailed && thrown.failure.kind === "answered" ? thrown.failure : undefined;
      happen({
        type: "failed",
        attempt,
        code: answered?.code ?? "unreachable",
        message: answered?.message ?? "",
        retry: worthRetrying(thrown),
        atMs: deps.now(),
      });
    }
  }

  function welcomed(attempt: number, welcome: Welcome): void {
    if (welcome.phase === "probe") return;
    state.set({ ...state.get(), seatId: welcome.seatId, secondDevice: welcome.secondDevice ?? false });
    if (welcome.room) see(welcome.room);
    happen({ type: "welcome", attempt, phase: welcome.phase });
    if (welcome.phase === "in" && welcome.session) enter(welcome.session);
    else media.drop();
  }

  function enter(session: MediaSession): void {
    entering(media.enter(session));
  }

  function entering(work: Promise<void>): void {
    work.catch((thrown: unknown) => {
      // The connection went while transports were made: the next welcome builds them.
      if (!(thrown instanceof RequestRefused)) reportError(thrown);
    });
  }

  function see(room: RoomView): void {
    serverClock = hearServer(serverClock, room.serverNowMs, deps.now());
    state.set({ ...state.get(), room, clockOffsetMs: serverClock.offsetMs });
  }

  function noticed(attempt: number, notice: Notice): void {
    switch (notice.type) {
      case "room":
        return see(notice.room);
      case "admitted":
        happen({ type: "admitted", attempt });
        return enter(notice.session);
      case "reset":
        return entering(media.restart(notice.session));
      case "consumer":
        return media.consumer(notice);
      case "consumer-closed":
        return media.consumerClosed(notice.consumerId);
      case "levels":
        return levels.set(notice);
      case "caption": {
        return captions.set(withCaption(captions.get(), notice));
      }
      case "microphone-asked":
        if (notice.muted) deps.local.setMuted(true);
        else if (!deps.local.get().muted) return;
        return asked.set({ muted: notice.muted, byName: notice.byName });
      case "ended":
        return happen({ type: "ended", attempt });
      default:
        return unreachable(notice);
    }
  }

  return {
    state,
    levels,
    captions,
    asked,
    answerAsked: () => asked.set(undefined),
    askMicrophone: async (seatId, muted) => {
      await ask({ type: "ask-microphone", seatId, muted });
    },
    media,
    local: deps.local,
    join: () => happen({ type: "join" }),
    leave: () => happen({ type: "leave" }),
    answerKnock: async (type, { seatId, deviceId }) => {
      await ask({ type, seatId, deviceId });
    },
    heldBy: (held) => {
      ask({ type: "pause", paused: held !== undefined, ...(held === "system" ? { by: held } : {}) }).catch(() => {
        // No connection, or a media server of before this message: others then read "reconnecting", or nothing.
      });
    },
    networkChanged: () => {
      happen({ type: "online", atMs: deps.now() });
      connection?.prove();
      media.networkChanged();
    },
    woke: () => {
      happen({ type: "online", atMs: deps.now() });
      connection?.prove();
    },
    dispose: () => {
      disposed.abort();
      clearInterval(ticking);
      clearTimeout(waking);
      connection?.close();
      connection = undefined;
      media.drop();
    },
  };
}
