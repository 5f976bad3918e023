import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { CallFailed } from "../api/failure.ts";
import { keepConnected } from "./keep-connected.ts";
import { followLiveDocument } from "./live-document.ts";

const step2 = (update: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.of(0, 1, update.length, ...update);
/** An empty document, as the server answers a page that is in step. */
const IN_STEP = step2(Uint8Array.of(0, 0));

/** The browser's end of a socket. */
class Socket {
  static all: Socket[] = [];
  static last = (): Socket => Socket.all.at(-1)!;
  static readonly OPEN = 1;
  readyState = 0;
  onopen?: () => void;
  onmessage?: (event: { data: ArrayBuffer }) => void;
  onclose?: (event: { code: number }) => void;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    Socket.all.push(this);
  }
  send(): void {}
  close(): void {}
  comesIntoStep(frame = IN_STEP): void {
    this.readyState = Socket.OPEN;
    this.onopen?.();
    this.onmessage?.({ data: frame.buffer });
  }
  endsWith(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  Socket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connected(takeTicket = async (): Promise<void> => undefined) {
  const told: string[] = [];
  let tickets = 0;
  const connection = keepConnected(new Y.Doc(), {
    takeTicket: async () => {
      tickets++;
      await takeTicket();
      return { ticket: `t${tickets}`, url: "ws://here/live/one" };
    },
    params: () => ({ client: "7" }),
    onSynced: () => told.push("in step"),
    onLost: () => told.push("lost"),
    onRefused: (code) => told.push(`refused ${code}`),
  });
  return { connection, told, tickets: () => tickets };
}
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it("every connection has a ticket of its own, and what was in step is told as lost once", async () => {
  const { connection, told } = connected();
  await later(0);
  expect(Socket.last().url).toBe("ws://here/live/one?client=7&ticket=t1");
  Socket.last().comesIntoStep();
  Socket.last().endsWith(1006);
  await later(0);
  Socket.last().endsWith(1006);
  await later(500);
  expect(Socket.all.map(({ url }) => url.slice(-2))).toEqual(["t1", "t2", "t3"]);
  Socket.last().comesIntoStep();
  expect(told).toEqual(["in step", "lost", "in step"]);
  connection.dispose();
});

it("a try that waits is made at once where somebody is in a hurry", async () => {
  const { connection, tickets } = connected(() => Promise.reject(new CallFailed({ kind: "unreachable" })));
  await later(0);
  expect(tickets()).toBe(2);
  await later(499);
  expect(tickets()).toBe(2);
  connection.hurry();
  expect(tickets()).toBe(3);
  connection.dispose();
  await later(60_000);
  expect(tickets()).toBe(3);
});

it("a live document says that it has nothing until it has something", async () => {
  const live = followLiveDocument({ takeTicket: async () => ({ ticket: "t", url: "ws://here/live/one" }) });
  await later(0);
  Socket.last().endsWith(1006);
  await later(500);
  const spoken = new Y.Doc();
  spoken.getMap("meta").set("marks", 1);
  Socket.last().comesIntoStep(step2(Y.encodeStateAsUpdate(spoken)));
  Socket.last().endsWith(1006);
  await later(500);
  const nothing = Socket.all.map(({ url }) => new URL(url).searchParams.get("from"));
  expect(nothing).toEqual(["start", "start", null]);
  live.dispose();
});

it.each([
  ["its socket says so", 4413, undefined],
  ["no ticket is given", undefined, { kind: "misunderstood" }],
] as const)("it does not come back by itself once %s", async (_, code, failure) => {
  const { connection, told, tickets } = connected(failure && (() => Promise.reject(new CallFailed(failure))));
  await later(0);
  if (code !== undefined) Socket.last().endsWith(code);
  await later(60_000);
  connection.hurry();
  expect(told).toEqual([`refused ${code}`]);
  expect(tickets()).toBe(1);
  connection.dispose();
});
