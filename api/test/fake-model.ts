import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Asked = { readonly path: string; readonly body: Record<string, unknown>; readonly key: string | undefined };
/** Answers one request; may hold it as long as it likes. */
export type Turn = (asked: Asked, response: ServerResponse) => unknown;

/** Stands where a provider of language models stands, on a socket of its own: its two interfaces, and its faults. */
export async function fakeModel() {
  const asked: Asked[] = [];
  const turns: Turn[] = [];
  let otherwise: Turn = says();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    const one = { path: request.url ?? "", body, key: request.headers.authorization };
    asked.push(one);
    (turns.shift() ?? otherwise)(one, response);
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    /** What the next requests get, one each; then `always`. */
    next: (...list: Turn[]) => turns.push(...list),
    always: (turn: Turn) => {
      otherwise = turn;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type Suggested = { readonly text: string; readonly competency: string; readonly quote: string };

/** An answer in the shape that was asked for, whichever interface that was. */
export function says(...suggestions: readonly Suggested[]): Turn {
  return saysText(JSON.stringify({ suggestions }));
}

export function saysText(content: string, tokens = 1_000): Turn {
  return ({ path }, response) => {
    const usage = { input_tokens: tokens - 100, output_tokens: 100, total_tokens: tokens };
    const part = { type: "output_text", text: content, annotations: [] };
    const body = path.endsWith("/responses")
      ? { object: "response", status: "completed", output: [{ type: "message", content: [part] }], usage }
      : { object: "chat.completion", choices: [{ message: { content }, finish_reason: "stop" }], usage };
    json(response, 200, body);
  };
}

export const fails =
  (status: number, headers: Record<string, string> = {}, error: object = { message: "no" }): Turn =>
  (_, response) =>
    json(response, status, { error }, headers);

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
