import { type Contract, ErrorReply } from "@verbatim/shared/api/contract";
import { jsonOf } from "@verbatim/shared/json";
import type { z } from "zod";
import { CallFailed, isErrorCode } from "./failure.ts";

const TIMEOUT_MS = 15_000;

export type CallOptions = {
  readonly params?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
};

/**
 * Calls one endpoint and parses its reply, so that a stale tab fails here and not deep in a page.
 * Throws only `CallFailed`, and the signal's own reason when the caller gave up.
 */
export async function call<Body extends z.ZodType, Reply extends z.ZodType>(
  contract: Contract<Body, Reply>,
  body: z.input<Body>,
  { params = {}, signal, timeoutMs = TIMEOUT_MS }: CallOptions = {},
): Promise<z.output<Reply>> {
  signal?.throwIfAborted();
  const given = new AbortController();
  const giveUp = (): void => given.abort();
  // Not AbortSignal.any: a browser too old for it is told so by a page, which asks here first.
  const timer = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener("abort", giveUp);
  const sends = contract.method !== "GET";
  let response: Response;
  let text: string;
  try {
    response = await fetch(pathOf(contract.path, params), {
      method: contract.method,
      signal: given.signal,
      headers: { accept: "application/json", ...(sends ? { "content-type": "application/json" } : {}) },
      ...(sends ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CallFailed({ kind: "unreachable" }, { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
  // Undefined for a proxy's HTML page, and for an answer that was cut off.
  const json = jsonOf(text);
  if (!response.ok) throw refused(json, response);
  const reply = contract.reply.safeParse(json);
  if (!reply.success) throw new CallFailed({ kind: "misunderstood" }, { cause: reply.error });
  return reply.data;
}

export function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The path ${path} needs ${name}.`);
    return encodeURIComponent(value);
  });
}

function refused(json: unknown, response: Response): CallFailed {
  const error = ErrorReply.safeParse(json);
  if (error.success && isErrorCode(error.data.code)) {
    const { code, message, requestId } = error.data;
    return new CallFailed({ kind: "answered", code, message, requestId });
  }
  // A proxy before a server that restarts answers 502 to 504 by itself.
  return new CallFailed({ kind: response.status >= 500 ? "unreachable" : "misunderstood" });
}
