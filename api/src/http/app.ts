import Koa, { type Context } from "koa";
import Router from "@koa/router";
import { DomainError } from "@verbatim/shared/errors";
import type { Log } from "@verbatim/hands/log";
import type { TrustedProxies } from "@verbatim/hands/net/trusted-proxies";
import { securityHeaders } from "./headers.ts";
import type { Limits } from "./limits.ts";
import { originAllowed } from "./origin.ts";
import { requestLog } from "./request-log.ts";
import { staticFiles } from "./static.ts";

/** Everything on the public port but the websockets. `routes` adds the endpoints. */
export function createApp(options: {
  readonly log: Log;
  readonly limits: Limits;
  readonly publicUrl: string;
  readonly secure: boolean;
  readonly signalUrl: (ctx: Context) => string;
  readonly webDist: string | undefined;
  readonly proxies: TrustedProxies;
  readonly routes: (router: Router) => void;
}): Koa {
  // Headers of anybody but our own proxy are gone by the first middleware. Its address is the last of those it names.
  const app = new Koa({ proxy: options.proxies.any, maxIpsCount: 1 });
  app.on("error", (cause: Error) => {
    // Mostly a browser that went away in the middle of an answer.
    options.log.debug("http.stream_failed", { cause: cause.message });
  });
  app.use((ctx, next) => {
    options.proxies.clean(ctx.req);
    return next();
  });
  app.use(requestLog(options.log));
  app.use(securityHeaders(options));
  app.use(async (ctx, next) => {
    await options.limits.try("request", ctx.ip);
    const changes = ctx.method !== "GET" && ctx.method !== "HEAD" && ctx.method !== "OPTIONS";
    if (changes && !originAllowed(ctx.get("origin") || undefined, ctx.host, options.publicUrl)) {
      throw new DomainError("origin.refused", `This change must come from a page of ${options.publicUrl}.`);
    }
    await next();
  });
  if (options.webDist !== undefined) app.use(staticFiles(options.webDist));
  const router = new Router();
  options.routes(router);
  app.use(router.routes());
  app.use(() => {
    throw new DomainError("not_found", "There is nothing here.");
  });
  return app;
}
