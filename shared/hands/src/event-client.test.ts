import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { eventsLimits, RecorderMessage } from "@verbatim/shared/events/protocol";
import { InterviewId, RecordingId, SeatId, TenantId } from "@verbatim/shared/ids";
import { createEventClient } from "./event-client.ts";
import { createLog } from "./log.ts";
import { verifyServiceToken } from "./service-token.ts";

const secret = "s".repeat(32);
const log = createLog("test", "silent");
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

const of = {
  tenantId: TenantId.parse(crypto.randomUUID()),
  interviewId: InterviewId.parse(crypto.randomUUID()),
  recordingId: RecordingId.parse(crypto.randomUUID()),
};
const said = (reason: string) => ({ type: "speech", ...of, speech: { state: "off", engine: "none", reason } }) as const;

type Seen = { reason: string; id: number; socket: WebSocket };

/** A server that answers as told; `answer` returning undefined says nothing. */
async function api(answer: (seen: Seen, count: number) => object | undefined, port = 0) {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: eventsLimits.frameBytes });
  const seen: Seen[] = [];
  const from: string[] = [];
  http.on("upgrade", async (request, raw, head) => {
    from.push(await verifyServiceToken(secret, "events", request.headers.authorization));
    sockets.handleUpgrade(request, raw, head, (socket) => {
      socket.on("message", (data) => {
        const message = RecorderMessage.parse(JSON.parse(String(data as Buffer)));
        if (message.type === "hello") return socket.send(JSON.stringify({ type: "ok", id: message.id }));
        const { event } = message;
        const reason = event.type === "speech" ? event.speech.reason : event.type === "words-interim" ? event.text : "";
        const one = { reason, id: message.id, socket };
        seen.push(one);
        const reply = answer(one, seen.length);
        if (reply) socket.send(JSON.stringify({ id: message.id, ...reply }));
      });
    });
  });
  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const stop = async () => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    if (http.listening) await once(http.close(), "close");
  };
  cleanups.push(stop);
  return { seen, from, stop, port: typeof address === "object" && address ? address.port : 0 };
}

function client(port: number, replyTimeoutMs = 10_000) {
  const stop = new AbortController();
  cleanups.push(() => stop.abort());
  const events = createEventClient({
    url: `ws://127.0.0.1:${port}`,
    secret,
    from: "ship",
    log,
    signal: stop.signal,
    random: () => 0.1,
    replyTimeoutMs,
  });
  return { events, stop };
}

it("resolves only when the api has answered ok", async () => {
  let held: Seen | undefined;
  const server = await api((seen) => void (held = seen));
  const { events } = client(server.port);
  let done = false;
  const sending = events.send(said("a")).then(() => (done = true));
  await expect.poll(() => held?.reason).toBe("a");
  expect(done).toBe(false);
  held!.socket.send(JSON.stringify({ type: "ok", id: held!.id }));
  await sending;
  expect(server.from).toEqual(["ship"]);
});

it("repeats what was not answered, in order, on a new connection", async () => {
  const server = await api((seen, count) =>
    count < 3 ? void (count === 2 && seen.socket.terminate()) : { type: "ok" },
  );
  const { events } = client(server.port);
  await Promise.all([events.send(said("a")), events.send(said("b"))]);
  expect(server.seen.map((one) => one.reason)).toEqual(["a", "b", "a", "b"]);
});

it("takes a silent connection for dead", async () => {
  const server = await api((_seen, count) => (count === 1 ? undefined : { type: "ok" }));
  const { events } = client(server.port, 50);
  await events.send(said("a"));
  expect(server.seen).toHaveLength(2);
});

it("waits for an api that is not there yet", async () => {
  const first = await api(() => ({ type: "ok" }));
  await first.stop();
  const { events } = client(first.port);
  const sending = events.send(said("a"));
  const second = await api(() => ({ type: "ok" }), first.port);
  await sending;
  expect(second.seen).toHaveLength(1);
});

it("repeats an event that the api could not take now, and surfaces once what it never will", async () => {
  const server = await api(({ reason }, count) =>
    reason === "bad"
      ? { type: "error", code: "input.invalid", message: "no such recording", retry: false }
      : count < 3
        ? { type: "error", code: "internal", message: "database away", retry: true }
        : { type: "ok" },
  );
  const { events } = client(server.port);
  await events.send(said("a"));
  expect(server.seen).toHaveLength(3);
  await expect(events.send(said("bad"))).rejects.toMatchObject({ code: "input.invalid", message: "no such recording" });
});

it("says at once that an event is larger than the api takes, and goes on with the others", async () => {
  const server = await api(() => ({ type: "ok" }));
  const { events } = client(server.port);
  await events.send(said("a"));
  const large = said("x".repeat(eventsLimits.frameBytes));
  const sending = [events.send(large), events.send(said("b"))];
  events.sendLatest("run", large);
  events.sendLatest("other", said("c"));
  await expect(sending[0]).rejects.toMatchObject({ code: "input.too_large" });
  await sending[1];
  await events.send(said("d"));
  expect(server.seen.map((one) => one.reason)).toEqual(["a", "b", "c", "d"]);
  expect(server.from).toHaveLength(1);
});

it("keeps only the newest per key while one is under way", async () => {
  const held: Seen[] = [];
  const server = await api((seen) => (seen.reason === "end" ? { type: "ok" } : void held.push(seen)));
  const { events } = client(server.port);
  const ok = (one: Seen) => one.socket.send(JSON.stringify({ type: "ok", id: one.id }));
  events.sendLatest("run", said("1"));
  await expect.poll(() => held.length).toBe(1);
  for (const reason of ["2", "3", "4"]) events.sendLatest("run", said(reason));
  ok(held[0]!);
  await expect.poll(() => held.length).toBe(2);
  ok(held[1]!);
  await events.send(said("end"));
  expect(server.seen.map((one) => one.reason)).toEqual(["1", "4", "end"]);
}, 180_000);

it("waits for no answer to unfinished words, and goes on with the next ones on a new connection", async () => {
  const seatId = SeatId.parse(crypto.randomUUID());
  const growing = (text: string) => ({ type: "words-interim", ...of, seatId, startMs: 0, text }) as const;
  const server = await api(() => undefined);
  const { events } = client(server.port, 50);
  for (const text of ["so", "so we", "so we ran"]) {
    events.sendLatest("words", growing(text));
    await expect.poll(() => server.seen.at(-1)?.reason).toBe(text);
  }
  expect(server.seen.map(({ id, socket }) => [id, socket === server.seen[0]?.socket])).toEqual([
    [0, true],
    [0, true],
    [0, true],
  ]);
  server.seen[0]?.socket.terminate();
  await expect
    .poll(() => {
      events.sendLatest("words", growing("so we ran both"));
      return server.seen.at(-1)?.reason;
    })
    .toBe("so we ran both");
  expect(server.seen.at(-1)?.socket).not.toBe(server.seen[0]?.socket);
});

it("ends what waits when its signal aborts", async () => {
  const server = await api(() => undefined);
  const { events, stop } = client(server.port);
  const sending = events.send(said("a"));
  await expect.poll(() => server.seen.length).toBe(1);
  stop.abort();
  await expect(sending).rejects.toThrow("ended");
  await expect(events.send(said("b"))).rejects.toThrow();
});
