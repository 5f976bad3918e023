import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createConnection, type Notice } from "./connection.ts";
import { socketPair } from "./test/socket-pair.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function connect() {
  const far = socketPair();
  const notices: Notice[] = [];
  const ends: [number, string][] = [];
  let opened = 0;
  const connection = createConnection(far.socket, {
    open: () => opened++,
    notice: (notice) => notices.push(notice),
    closed: (code, reason) => ends.push([code, reason]),
  });
  return { far, notices, ends, connection, opened: () => opened };
}

it("gives each request its own answer, whatever the order they come in", async () => {
  const { far, connection } = connect();
  far.open();
  const first = connection.request({ type: "renew-session" });
  const second = connection.request({ type: "leave" });
  const [a, b] = far.sent;
  far.say({ type: "error", id: b!.id, code: "auth.forbidden", message: "No." });
  far.say({ type: "ok", id: a!.id, producerId: "p" });
  await expect(first).resolves.toMatchObject({ producerId: "p" });
  await expect(second).rejects.toMatchObject({ code: "auth.forbidden", message: "No." });
});

it("passes notices on, and drops what it does not know without losing the connection", () => {
  const { far, notices, ends } = connect();
  far.open();
  far.sayText("not json");
  far.say({ type: "from-the-future", id: 1 });
  far.say({ type: "consumer-closed", consumerId: "c", anUnknownField: true });
  expect(notices).toEqual([{ type: "consumer-closed", consumerId: "c" }]);
  expect(ends).toEqual([]);
});

it("refuses everything that waits when the connection ends, and tells the end once", async () => {
  const { far, connection, ends } = connect();
  far.open();
  const waiting = connection.request({ type: "leave" });
  far.close(4410, "seat.taken_over");
  await expect(waiting).rejects.toMatchObject({ code: "closed" });
  await expect(connection.request({ type: "leave" })).rejects.toMatchObject({ code: "closed" });
  connection.close();
  expect(ends).toEqual([[4410, "seat.taken_over"]]);
});

it("pings every five seconds and finds a silent network dead", () => {
  const { far, ends } = connect();
  far.open();
  vi.advanceTimersByTime(5_000);
  expect(far.sent.map(({ type }) => type)).toEqual(["ping"]);
  far.say({ type: "ok", id: far.sent[0]!.id });
  vi.advanceTimersByTime(4_999);
  expect(ends).toEqual([]);
  vi.advanceTimersByTime(5_001);
  expect(ends).toEqual([[4000, "no answer to a ping"]]);
  expect(far.closed()).toBe(true);
});

it("counts any answer to a ping as life, a refusal too", async () => {
  const { far, ends, connection } = connect();
  far.open();
  connection.prove();
  far.say({ type: "error", id: far.sent[0]!.id, code: "rate.limited", message: "Slower." });
  await vi.advanceTimersByTimeAsync(4_900);
  expect(ends).toEqual([]);
});

it("gives up a socket that does not open, so that the next try begins afresh", () => {
  const { ends, opened } = connect();
  vi.advanceTimersByTime(4_000);
  expect(opened()).toBe(0);
  expect(ends).toEqual([[4000, "not opened in time"]]);
});

it("gives up a request that nobody answers, and keeps the connection", async () => {
  const { far, connection, ends } = connect();
  far.open();
  const refused = expect(connection.request({ type: "leave" })).rejects.toMatchObject({ code: "timeout" });
  for (let second = 0; second < 8; second++) {
    await vi.advanceTimersByTimeAsync(1_000);
    for (const { type, id } of far.sent) if (type === "ping") far.say({ type: "ok", id });
  }
  await refused;
  expect(ends).toEqual([]);
});

it("sends nothing before it is open: requests are refused, and nobody is asked for a sign of life", async () => {
  const { far, connection, ends } = connect();
  await expect(connection.request({ type: "leave" })).rejects.toMatchObject({ code: "closed" });
  connection.prove();
  far.open();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(far.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  far.say({ type: "ok", id: far.sent[0]!.id });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(ends).toEqual([]);
});
