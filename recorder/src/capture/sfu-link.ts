import { setTimeout as delay } from "node:timers/promises";
import { once } from "node:events";
import { WebSocket } from "ws";
import { jsonOf } from "@verbatim/shared/json";
import { SfuToCapture, tapProtocol, type CaptureMessage } from "@verbatim/shared/tap/protocol";
import type { Log } from "@verbatim/hands/log";
import { dialBounded } from "@verbatim/hands/net/bounded-socket";
import { measureOffsetUs } from "./clock-offset.ts";

type Request = Exclude<CaptureMessage, { type: "hello" }>;
type Ask<T extends Request = Request> = T extends Request ? Omit<T, "id"> : never;
type Answer = Extract<SfuToCapture, { type: "ok" }>;
export type CallMessage = Extract<SfuToCapture, { type: "call" }>;
export type CallGone = Extract<SfuToCapture, { type: "call-gone" }>;
export type Calls = Extract<SfuToCapture, { type: "calls" }>;

/** One connection to the sfu's tap socket, as those see it who ask for taps on it. */
export type SfuLink = {
  /** Sends one request; rejects when the sfu refuses it, does not answer in time, or goes away. */
  request(message: Ask): Promise<Answer>;
  /** Our address on the interface that faces the sfu: where it sends packets to. */
  readonly localAddress: string;
  /** Which boot the sfu's clock counts from, and what to add to ours to have its time (0 on the same host). */
  readonly bootId: string;
  readonly offsetUs: number;
};

export type LinkEvents = {
  up(link: SfuLink): void;
  call(call: CallMessage): void;
  gone(call: CallGone): void;
  /** Any other call is over. */
  calls(calls: Calls): void;
  /** The connection ended. Packets may go on: only the sfu's next word says what became of them. */
  down(): void;
};

const ANSWER_MS = 5_000;
const ALIVE_MS = 3_000;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 1_000;
const FRAME_BYTES_MAX = 1 << 20;

/**
 * Keeps one connection to the sfu for ever, with backoff and jitter: it is on our own host, and each second
 * without it is a second without new speakers. Ends with the signal.
 */
export async function keepSfuLink(options: {
  readonly url: string;
  readonly token: () => Promise<string>;
  readonly instance: string;
  readonly bootId: string;
  readonly nowUs: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly events: LinkEvents;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { log, signal } = options;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      if (await connectOnce(options)) failures = 0;
    } catch (cause) {
      log.warn("tap.connect_failed", { failures, cause });
    }
    if (signal.aborted) return;
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 10));
    await delay(longest * (0.5 + options.random() / 2), undefined, { signal }).catch(() => {
      // Aborted: the loop's condition ends it.
    });
  }
}

/** One connection from dialling to its end; true when it came up. */
async function connectOnce(options: Parameters<typeof keepSfuLink>[0]): Promise<boolean> {
  const { log, events, signal, nowUs } = options;
  const socket = dialBounded(`${options.url}/tap`, {
    token: await options.token(),
    frameBytes: FRAME_BYTES_MAX,
    handshakeTimeout: ANSWER_MS,
  });
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  let localAddress = "127.0.0.1";
  const ended = new Promise<string>((resolve) => {
    socket.on("close", (code, reason) => resolve(`${code} ${reason.toString().slice(0, 100)}`));
  });
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  socket.on("upgrade", (response) => {
    localAddress = (response.socket.localAddress ?? localAddress).replace(/^::ffff:/, "");
  });
  const abort = (): void => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });

  const send = async (message: Ask | Omit<Extract<CaptureMessage, { type: "hello" }>, "id">): Promise<Answer> => {
    const id = nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const late = setTimeout(
      () => reject(new Error(`The sfu did not answer ${message.type} in ${ANSWER_MS} ms.`)),
      ANSWER_MS,
    );
    waiting.set(id, { resolve, reject });
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ...message, id }));
    else reject(new Error("The sfu is away."));
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      waiting.delete(id);
    }
  };

  const receive = (message: SfuToCapture): void => {
    if (message.type === "call") events.call(message);
    else if (message.type === "call-gone") events.gone(message);
    else if (message.type === "calls") events.calls(message);
    else if (message.type === "ok") waiting.get(message.id)?.resolve(message);
    else waiting.get(message.id)?.reject(new Error(`The sfu refused: ${message.code} ${message.message}`));
  };

  let isUp = false;
  /** Call states that the sfu sends right behind its hello wait until `up` was told. */
  const early: SfuToCapture[] = [];
  socket.on("message", (data: Buffer) => {
    const parsed = SfuToCapture.safeParse(jsonOf(data.toString("utf8")));
    if (!parsed.success) log.error("tap.bad_frame", { bytes: data.length, issue: parsed.error.issues[0]?.message });
    else if (!isUp && !("id" in parsed.data)) early.push(parsed.data);
    else receive(parsed.data);
  });

  let alive: NodeJS.Timeout | undefined;
  try {
    await Promise.race([once(socket, "open"), ended.then((reason) => Promise.reject(failure ?? new Error(reason)))]);
    const hello = await Promise.race([
      send({ type: "hello", protocol: tapProtocol.current, instance: options.instance, bootId: options.bootId }),
      ended.then((reason) => Promise.reject(new Error(`The sfu closed the tap socket: ${reason}`))),
    ]);
    const bootId = hello.bootId ?? options.bootId;
    const ping = async (): Promise<number> => (await send({ type: "ping" })).nowUs ?? nowUs();
    const offsetUs = bootId === options.bootId ? 0 : await measureOffsetUs(nowUs, ping);
    isUp = true;
    log.info("tap.up", { localAddress, offsetUs });
    events.up({ request: send, localAddress, bootId, offsetUs });
    for (const message of early) receive(message);
    alive = setInterval(() => {
      send({ type: "ping" }).catch((cause: unknown) => {
        log.warn("tap.silent", { cause });
        socket.terminate();
      });
    }, ALIVE_MS);
    log.warn("tap.down", { reason: await ended });
    return true;
  } finally {
    clearInterval(alive);
    signal.removeEventListener("abort", abort);
    socket.terminate();
    for (const { reject } of waiting.values()) reject(new Error("The sfu went away."));
    if (isUp) events.down();
  }
}
