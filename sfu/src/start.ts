import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { networkInterfaces } from "node:os";
import type { Log } from "@verbatim/hands/log";
import { mediaAddresses } from "@verbatim/hands/net/machine-addresses";
import { startOps } from "@verbatim/hands/ops";
import { Gauge } from "prom-client";
import type { Config } from "./config.ts";
import { serveApi } from "./control/server.ts";
import { createMediasoupEngine } from "./engine/mediasoup/engine.ts";
import { relaysFor } from "./engine/mediasoup/relays.ts";
import type { HostClock } from "./room/clock.ts";
import { createRooms } from "./room/rooms.ts";
import { allowedOrigins } from "./signal/origins.ts";
import { serveSignal } from "./signal/server.ts";
import { createTickets } from "./signal/ticket.ts";
import { serveServiceSockets } from "./socket/service-sockets.ts";
import { serveCapture } from "./tap/server.ts";

export type Sfu = AsyncDisposable & { readonly port: number; readonly internalPort: number };

/** The whole media server. Dispose says goodbye to everybody, newest first, and ends the workers. */
export async function startSfu(config: Config, deps: { readonly log: Log; readonly clock: HostClock }): Promise<Sfu> {
  const { log, clock } = deps;
  await using starting = new AsyncDisposableStack();
  const engine = starting.use(
    await createMediasoupEngine({
      workers: config.media.workers,
      port: config.media.port,
      addresses: () => config.media.announced ?? mediaAddresses(networkInterfaces()),
      iceServers: () => relaysFor(config.media.relays, clock.utcMs()),
      log,
    }),
  );
  const rooms = starting.adopt(createRooms({ engine, clock, log }), (made) => made.close());

  const ops = starting.use(
    await startOps({
      port: config.internalPort,
      log,
      ready: () => engine.ready,
      extra: {
        "/workers": () => engine.workers(),
        "/calls": async () => ({
          calls: await Promise.all(
            rooms.all().map(async (room) => ({ interviewId: room.interviewId, seats: await room.traffic() })),
          ),
        }),
      },
    }),
  );
  const internal = serveServiceSockets({
    server: ops.server,
    secret: config.serviceSecret,
    log,
    paths: {
      "/tap": { audience: "tap", serve: (socket) => serveCapture(socket, { rooms, clock, log }) },
      "/control": { audience: "control", serve: (socket) => serveApi(socket, { rooms, log }) },
    },
  });
  starting.defer(() => internal.drain());

  const server = await createPublicServer(config);
  const signal = serveSignal({
    server,
    rooms,
    engine,
    tickets: createTickets(config.ticketSecret, () => clock.utcMs()),
    addressOf: config.proxies.addressOf,
    origins: allowedOrigins(config.publicUrl),
    clock,
    log,
  });
  server.listen(config.port);
  await once(server, "listening");
  starting.defer(async () => {
    server.close();
    await signal.drain();
    server.closeAllConnections();
  });

  for (const [name, help, read] of [
    ["sfu_connections", "Browsers' websockets", () => signal.connections],
    [
      "sfu_calls",
      "Calls with somebody in them or a recording open",
      () => rooms.all().filter((one) => one.alive).length,
    ],
    ["sfu_workers", "Living media workers", () => engine.workers().length],
  ] as const) {
    new Gauge({
      name,
      help,
      registers: [ops.metrics],
      collect() {
        this.set(read());
      },
    });
  }

  const started = starting.move();
  const port = portOf(server);
  log.info("sfu.started", {
    port,
    internalPort: ops.port,
    workers: config.media.workers,
    mediaPort: config.media.port,
  });
  return { port, internalPort: ops.port, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** Speaks websocket alone; a plain request learns only that nothing is here. */
async function createPublicServer({ tls }: Config): Promise<Server> {
  const listener: RequestListener = (_request, response) => {
    response.writeHead(404, { "content-type": "text/plain", connection: "close" }).end("not found\n");
  };
  const server = tls
    ? createHttps({ cert: await readFile(tls.cert), key: await readFile(tls.key) }, listener)
    : createHttp(listener);
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has no port");
  return address.port;
}
