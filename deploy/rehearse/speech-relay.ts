import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Stands between scribe and the speech server, and breaks what passes. */
export type SpeechRelay = AsyncDisposable & {
  readonly url: string;
  /** Connections that were cut or turned away so far. */
  readonly broken: number;
  /** Cuts every connection and turns new ones away, until what it answers is called. */
  down(): () => void;
  /** Holds everything the server says for so long, until what it answers is called. The longest that holds counts. */
  slow(ms: number): () => void;
};

/** A relay on a free port of this machine, to a server on another one that need not listen yet. */
export async function startSpeechRelay(port: number): Promise<SpeechRelay> {
  const downs = new Set<symbol>();
  const delays = new Map<symbol, number>();
  const open = new Set<Socket>();
  let broken = 0;

  const hold = <Value>(
    kept: { set(key: symbol, value: Value): unknown; delete(key: symbol): unknown },
    value: Value,
  ) => {
    const key = Symbol("hold");
    kept.set(key, value);
    return () => void kept.delete(key);
  };

  const server = createServer((client) => {
    client.on("error", () => undefined); // The close says the same.
    if (downs.size > 0) {
      broken++;
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(port, "127.0.0.1");
    open.add(client);
    client.on("close", () => {
      open.delete(client);
      upstream.destroy();
    });
    upstream.on("error", () => client.destroy()); // The server is not there: to scribe that is a lost connection.
    client.pipe(upstream);
    sayLater(upstream, client, () => Math.max(0, ...delays.values()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();

  return {
    url: `ws://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    get broken() {
      return broken;
    },
    down() {
      broken += open.size;
      for (const client of open) client.resetAndDestroy();
      open.clear();
      return hold({ set: (key) => downs.add(key), delete: (key) => downs.delete(key) }, true);
    },
    slow: (ms) => hold(delays, ms),
    async [Symbol.asyncDispose]() {
      for (const client of open) client.destroy();
      await once(server.close(), "close");
    },
  };
}

/** Passes bytes and the end on in their order, each piece after the delay of its moment. */
function sayLater(from: Socket, to: Socket, delayMs: () => number): void {
  let lastMs = 0;
  const later = (act: () => void): void => {
    const atMs = Math.max(lastMs, performance.now() + delayMs());
    lastMs = atMs;
    const waitMs = atMs - performance.now();
    if (waitMs <= 0) act();
    else setTimeout(() => (to.destroyed ? undefined : act()), Math.ceil(waitMs));
  };
  from.on("data", (bytes) => later(() => to.write(bytes)));
  from.on("close", () => later(() => to.end()));
}
