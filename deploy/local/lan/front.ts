import { once } from "node:events";
import { type IncomingMessage, request as ask, type RequestOptions, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Duplex } from "node:stream";
import type { Certificate } from "./certificate.ts";

export type FrontOptions = {
  readonly port: number;
  readonly certificate: Certificate;
  /** The authority's certificate, PEM, for phones that shall trust it. */
  readonly authority: string;
  /** The loopback ports behind it. */
  readonly apiPort: number;
  readonly sfuPort: number;
  /** What the services know as their one origin. */
  readonly publicUrl: string;
  /** Every name and address by which people may come. */
  readonly names: readonly string[];
};

export const AUTHORITY_PATH = "/verbatim-lan.crt";

/**
 * Ends TLS on the local network and passes on to api and signalling under one origin: a browser accepts a certificate
 * of our own for one address and port, not for a second one. A page that was opened under any of this machine's
 * addresses counts as a page of PUBLIC_URL.
 */
export async function startFront(options: FrontOptions): Promise<AsyncDisposable> {
  const origins = new Set(
    options.names.map((name) => `https://${name.includes(":") ? `[${name}]` : name}:${options.port}`),
  );

  const target = (request: IncomingMessage): RequestOptions => {
    const { origin, host } = request.headers;
    return {
      host: "127.0.0.1",
      port: /^\/signal(\?|$)/.test(request.url ?? "") ? options.sfuPort : options.apiPort,
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: {
        ...request.headers,
        ...(origin === undefined ? {} : { origin: origins.has(origin) ? options.publicUrl : origin }),
        "x-forwarded-for": request.socket.remoteAddress ?? "",
        "x-forwarded-host": host ?? "",
        "x-forwarded-proto": "https",
      },
    };
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === AUTHORITY_PATH) {
      response.writeHead(200, { "content-type": "application/x-x509-ca-cert" }).end(options.authority);
      return;
    }
    const passed = ask(target(request), (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy()); // The service ended in the middle of its answer.
    });
    passed.on("error", () => {
      // The service restarts; pages ask again by themselves.
      if (!response.headersSent) response.writeHead(502, { "content-type": "text/plain" });
      response.end("Verbatim restarts. Please try again in a moment.\n");
    });
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const passed = ask(target(request));
    // Either end may break at any time; the other learns of it by its closing.
    socket.on("error", () => passed.destroy());
    passed.on("error", () => socket.destroy());
    passed.on("response", (refused) => {
      socket.end(`HTTP/1.1 ${refused.statusCode} ${refused.statusMessage}\r\nconnection: close\r\n\r\n`);
      refused.resume();
    });
    passed.on("upgrade", (answer, other, otherHead) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
      if (otherHead.length > 0) socket.write(otherHead);
      if (head.length > 0) other.write(head);
      other.on("error", () => socket.destroy());
      other.pipe(socket).pipe(other);
    });
    passed.end();
  };

  const server = createServer(options.certificate, serve).on("upgrade", upgrade);
  server.headersTimeout = 10_000;
  server.maxConnections = 1_000;
  const listening = once(server, "listening");
  server.listen(options.port);
  await listening.catch((cause: unknown) => {
    throw new Error(`Port ${options.port} is in use: set LAN_PORT to another one.`, { cause });
  });
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
