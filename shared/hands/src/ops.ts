import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Log } from "./log.ts";

export type Ops = AsyncDisposable & {
  /** For websockets that live on the same loopback port. */
  readonly server: Server;
  readonly metrics: Registry;
  readonly port: number;
};

/**
 * `/healthz` (the process turns its loop), `/readyz` (what it needs is there) and `/metrics` on
 * loopback only. `extra` answers other GET paths with JSON.
 */
export async function startOps(options: {
  readonly port: number;
  readonly log: Log;
  readonly ready: () => Promise<boolean> | boolean;
  readonly extra?: Readonly<Record<string, () => unknown>>;
}): Promise<Ops> {
  const metrics = new Registry();
  // The default of 10 ms wakes every process a hundred times a second for nothing.
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 100 });
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const answer = (status: number, body: string, type = "text/plain"): void => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    const respond = async (): Promise<void> => {
      if (request.method !== "GET") return answer(405, "only GET\n");
      if (path === "/healthz") return answer(200, "ok\n");
      if (path === "/readyz") return (await options.ready()) ? answer(200, "ready\n") : answer(503, "not ready\n");
      if (path === "/metrics") return answer(200, await metrics.metrics(), metrics.contentType);
      const extra = options.extra?.[path];
      if (extra) return answer(200, JSON.stringify(await extra()), "application/json");
      return answer(404, "not found\n");
    };
    respond().catch((cause: unknown) => {
      options.log.error("ops.failed", { path, cause });
      answer(500, "failed\n");
    });
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    server,
    metrics,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
