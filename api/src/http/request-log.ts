import { randomUUID } from "node:crypto";
import type { Context, Next } from "koa";
import { toDomainError } from "@verbatim/shared/errors";
import type { ErrorReply } from "@verbatim/shared/api/contract";
import type { Log } from "@verbatim/hands/log";

const SAFE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Keeps an incoming `x-request-id` or makes one, and is the one place where a failure becomes an answer. */
export function requestLog(log: Log) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const given = ctx.get("x-request-id");
    const requestId = SAFE_ID.test(given) ? given : randomUUID();
    ctx.set("x-request-id", requestId);
    const line = log.with({ requestId });
    ctx.state["log"] = line;
    const began = performance.now();
    try {
      await next();
    } catch (thrown) {
      const error = toDomainError(thrown);
      ctx.status = error.spec.http;
      ctx.set("cache-control", "no-store");
      ctx.body = { code: error.code, message: error.message, requestId } satisfies ErrorReply;
      if (error.code === "internal") line.error("http.failed", { cause: error.cause ?? error });
    }
    // The route's pattern, never the address: addresses hold tokens.
    const route = String(ctx["_matchedRoute"] ?? "-");
    const ms = Math.round(performance.now() - began);
    const fields = { method: ctx.method, route, status: ctx.status, ms, interviewId: interviewIn(ctx) };
    if (ctx.status >= 500) line.warn("http.request", fields);
    // Pages look again every few seconds; only changes and refusals are news.
    else if (route !== "-" && (ctx.method !== "GET" || ctx.status >= 400)) line.info("http.request", fields);
    else line.debug("http.request", fields);
  };
}

function interviewIn(ctx: Context): string | undefined {
  const params: unknown = ctx["params"];
  if (typeof params !== "object" || params === null || !("interviewId" in params)) return undefined;
  return typeof params.interviewId === "string" && SAFE_ID.test(params.interviewId) ? params.interviewId : undefined;
}
