import { once } from "node:events";
import { createServer, connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { startSpeechRelay } from "./speech-relay.ts";

/** A server that says back what it hears, and the relay before it. */
async function relayed() {
  await using opening = new AsyncDisposableStack();
  const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opening.defer(() => void server.close());
  const address = server.address();
  const relay = opening.use(await startSpeechRelay(typeof address === "object" && address ? address.port : 0));
  const dial = (): Socket => connect(Number(new URL(relay.url).port), "127.0.0.1").on("error", () => undefined);
  const open = opening.move();
  return { relay, dial, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** Unlike `once`, which takes an error before it for a failure. */
const gone = (socket: Socket) => new Promise((resolve) => void socket.once("close", resolve));

const says = async (socket: Socket, text: string): Promise<string> => {
  const heard = once(socket, "data");
  socket.write(text);
  return String((await heard)[0]);
};

it("passes everything on, and while it is down nothing and nobody", async () => {
  await using with_ = await relayed();
  const { relay, dial } = with_;
  const before = dial();
  expect(await says(before, "hello")).toBe("hello");
  const cut = gone(before);
  const up = [relay.down(), relay.down()];
  await cut;
  await gone(dial());
  up[0]!();
  await gone(dial());
  up[1]!();
  expect(await says(dial(), "again")).toBe("again");
  expect(relay.broken).toBe(3);
});

it("makes the server late by as long as it is told, and keeps the order of what it says", async () => {
  await using with_ = await relayed();
  const { relay, dial } = with_;
  const socket = dial();
  expect(await says(socket, "now")).toBe("now");
  const quick = relay.slow(300);
  const beganMs = performance.now();
  let heard = "";
  socket.on("data", (bytes) => (heard += String(bytes)));
  const first = once(socket, "data");
  socket.write("late ");
  await first;
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(295);
  quick();
  socket.write("last");
  while (heard !== "late last") await once(socket, "data");
});
