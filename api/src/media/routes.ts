import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type Router from "@koa/router";
import type { Context } from "koa";
import { DomainError } from "@verbatim/shared/errors";
import type { Store } from "@verbatim/hands/store/store";
import { byteRange } from "./byte-range.ts";
import type { MediaLinks } from "./media-links.ts";

/** `/media/{token}`: one stored object, whole or in part. `?download` saves it instead of playing it. */
export function mediaRoutes(router: Router, deps: { readonly store: Store; readonly links: MediaLinks }): void {
  router.register("/media/:token", ["GET", "HEAD"], async (ctx: Context) => {
    const object = await deps.links.open(tokenOf(ctx));
    const found = await deps.store.head(object.key);
    if (!found) throw new DomainError("not_found", "This file is not in the store any more.");
    const range = byteRange(ctx.get("range"), found.bytes);
    ctx.set("accept-ranges", "bytes");
    ctx.set("cache-control", "private, no-store");
    // Whatever bytes lie there, they are never run as a page.
    ctx.set("content-security-policy", "default-src 'none'; sandbox");
    if (range === "unsatisfiable") {
      ctx.set("content-range", `bytes */${found.bytes}`);
      ctx.status = 416;
      ctx.body = "";
      return;
    }
    const kind = "download" in ctx.query ? "attachment" : "inline";
    ctx.set(
      "content-disposition",
      `${kind}; filename="${ascii(object.name)}"; filename*=UTF-8''${encode(object.name)}`,
    );
    const part = range === "whole" ? undefined : range;
    if (part) ctx.set("content-range", `bytes ${part.start}-${part.end}/${found.bytes}`);
    ctx.status = part ? 206 : 200;
    if (ctx.method === "HEAD") {
      ctx.type = object.type;
      ctx.length = found.bytes;
      ctx.res.end();
      return;
    }
    const gone = new AbortController();
    ctx.res.on("close", () => gone.abort());
    const stream = await deps.store.stream(object.key, { ...(part ? { range: part } : {}), signal: gone.signal });
    ctx.body = Readable.fromWeb(stream as NodeReadableStream<Uint8Array>);
    ctx.type = object.type;
    ctx.length = part ? part.end - part.start + 1 : found.bytes;
  });
}

function tokenOf(ctx: Context): string {
  const params: unknown = ctx["params"];
  const token = typeof params === "object" && params !== null && "token" in params ? params.token : "";
  return typeof token === "string" ? token : "";
}

/** A header's quoted string: nothing that could end it or start another. */
const ascii = (name: string): string => name.replace(/[^A-Za-z0-9 ._-]/g, "_");
const encode = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
