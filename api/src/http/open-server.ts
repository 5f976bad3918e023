import { readFile } from "node:fs/promises";
import { createServer as createPlainServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Config } from "../config.ts";

/** The public port's server, with TLS where there is a certificate; it does not listen yet. */
export async function openServer(config: Config): Promise<Server> {
  const { tls } = config.http;
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000, maxHeaderSize: 16 * 1024 };
  const server = tls
    ? createTlsServer({ cert: await readFile(tls.cert), key: await readFile(tls.key), ...limits })
    : createPlainServer(limits);
  server.maxConnections = 5_000;
  return server;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
