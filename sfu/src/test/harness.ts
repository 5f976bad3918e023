import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Log } from "@verbatim/hands/log";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { type Audience, signServiceToken } from "@verbatim/hands/service-token";
import { DeviceId, InterviewId, SeatId, TenantId } from "@verbatim/shared/ids";
import { TICKET_SECONDS, type Ticket } from "@verbatim/shared/ticket";
import { SignJWT } from "jose";
import { type ClientOptions, WebSocket } from "ws";
import { type Config, readConfig } from "../config.ts";
import { type Sfu, startSfu } from "../start.ts";

export const secret = "a secret of at least 32 characters!";
export const origin = "http://localhost:3000";

/** Everything that was logged, for facts about auditing. */
export type Logged = { event: string; fields: Record<string, unknown> };

export function testLog(lines: Logged[] = [], base: object = {}): Log {
  const add = (event: string, fields: object = {}): void => void lines.push({ event, fields: { ...base, ...fields } });
  return { debug: add, info: add, warn: add, error: add, with: (fields) => testLog(lines, { ...base, ...fields }) };
}

export function testConfig(env: Record<string, string> = {}): Config {
  return readConfig(
    {
      SFU_PORT: "0",
      SFU_INTERNAL_PORT: "0",
      MEDIA_PORT: "0",
      SFU_WORKERS: "1",
      SERVICE_SECRET: secret,
      TICKET_SECRET: secret,
      ...env,
    },
    1,
  );
}

export type TestSfu = Sfu & { readonly lines: Logged[] };

/** A whole sfu on free ports, with real workers. `us` is its monotonic clock. */
export async function startTestSfu(env: Record<string, string> = {}, us = monotonicUs): Promise<TestSfu> {
  const lines: Logged[] = [];
  const clock = { bootId: bootId(), us, utcMs: () => Date.now() };
  return { ...(await startSfu(testConfig(env), { log: testLog(lines), clock })), lines };
}

export const ids = {
  tenant: () => TenantId.parse(randomUUID()),
  interview: () => InterviewId.parse(randomUUID()),
  seat: () => SeatId.parse(randomUUID()),
  device: () => DeviceId.parse(randomUUID()),
};

/** One interview's people. */
export function people() {
  const tenantId = ids.tenant();
  const interviewId = ids.interview();
  return {
    tenantId,
    interviewId,
    ticket(given: Partial<Ticket> = {}): Ticket {
      const role = given.role ?? "interviewer";
      return {
        aud: "call",
        jti: randomUUID(),
        exp: Math.floor(Date.now() / 1_000) + TICKET_SECONDS,
        tenantId,
        interviewId,
        seatId: ids.seat(),
        deviceId: ids.device(),
        role,
        name: `A ${role}`,
        consented: true,
        admitted: role !== "candidate",
        ...given,
      };
    },
  };
}

export async function sign(ticket: object, withSecret = secret): Promise<string> {
  return await new SignJWT({ ...ticket })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(withSecret));
}

/** Whatever came over a wire; tests look for what they expect in it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Message = any;

export type Peer = AsyncDisposable & {
  readonly socket: WebSocket;
  readonly received: Message[];
  send(message: object): void;
  /** Sends a request and resolves with its one answer, ok or error. */
  request(type: string, fields?: object): Promise<Message>;
  /** The first message, received already or later, that the test looks for. */
  until(wanted: (message: Message) => boolean, ms?: number): Promise<Message>;
  readonly closed: Promise<{ code: number; reason: string }>;
};

export async function connect(
  url: string,
  headers: Record<string, string>,
  options: ClientOptions = {},
): Promise<Peer> {
  const socket = new WebSocket(url, { headers, ...options });
  const received: Message[] = [];
  const waiting = new Set<() => void>();
  let nextId = 1;
  socket.on("message", (data: Buffer) => {
    received.push(JSON.parse(data.toString()));
    for (const wake of waiting) wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, "open");
  const until: Peer["until"] = async (wanted, ms = 30_000) => {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = received.find(wanted);
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0 || socket.readyState === socket.CLOSED) {
        throw new Error(
          `Not received: ${String(wanted)}\n${received.map((one) => JSON.stringify(one).slice(0, 200)).join("\n")}`,
        );
      }
      const woken = Promise.withResolvers<void>();
      waiting.add(woken.resolve);
      const timer = setTimeout(woken.resolve, left);
      await Promise.race([woken.promise, closed]);
      clearTimeout(timer);
      waiting.delete(woken.resolve);
    }
  };
  const send = (message: object): void => socket.send(JSON.stringify(message));
  return {
    socket,
    received,
    send,
    until,
    closed,
    async request(type, fields = {}) {
      const id = nextId++;
      send({ type, id, ...fields });
      return await until((message) => (message.type === "ok" || message.type === "error") && message.id === id);
    },
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

export async function openSignal(sfu: Sfu): Promise<Peer> {
  return await connect(`ws://127.0.0.1:${sfu.port}/signal`, { origin });
}

/** A browser that said hello, with more than a ticket perhaps. `welcome` is undefined when it was refused: see `closed`. */
export async function join(sfu: Sfu, ticket: Ticket, said: object = {}): Promise<Peer & { welcome: Message }> {
  const peer = await openSignal(sfu);
  peer.send({ type: "hello", id: 0, protocol: 1, ticket: await sign(ticket), ...said });
  const answer = await Promise.race([peer.until((message) => message.type === "ok"), peer.closed]);
  return { ...peer, welcome: answer.welcome };
}

export async function openService(sfu: Sfu, audience: Audience, hello: object = {}): Promise<Peer> {
  const token = await signServiceToken(secret, audience, "test");
  const url = `ws://127.0.0.1:${sfu.internalPort}/${audience}`;
  const peer = await connect(url, { authorization: `Bearer ${token}` });
  const answer = await peer.request("hello", { protocol: 1, ...hello });
  if (answer.type !== "ok") throw new Error("hello was refused");
  return peer;
}

export const openTapSocket = (sfu: Sfu): Promise<Peer> =>
  openService(sfu, "tap", { instance: "one", bootId: bootId() });

/** Repeats until it holds. */
export async function eventually(holds: () => Promise<boolean> | boolean, ms = 30_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Never held: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
