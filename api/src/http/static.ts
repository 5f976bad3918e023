import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { Context, Next } from "koa";
import { DomainError } from "@verbatim/shared/errors";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".mp3": "audio/mpeg",
  ".txt": "text/plain; charset=utf-8",
};

/** The built web app: files as they are, and its one page for every address that a person may type or be sent. */
export function staticFiles(folder: string) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if ((ctx.method !== "GET" && ctx.method !== "HEAD") || /^\/(v1|media|live)(\/|$)/.test(ctx.path)) return next();
    const wanted = fileOf(folder, ctx.path);
    const file = wanted && (await isFile(wanted)) ? wanted : undefined;
    if (file) return await send(ctx, file, ctx.path.startsWith("/assets/"));
    // A missing asset must not be answered with a page: the browser would cache HTML as script.
    if (path.extname(ctx.path) !== "") throw new DomainError("not_found", "There is no such file.");
    const page = path.join(folder, "index.html");
    if (!(await isFile(page))) throw new DomainError("not_found", "The web app is not built here.");
    return await send(ctx, page, false);
  };
}

function fileOf(folder: string, address: string): string | undefined {
  try {
    const file = path.resolve(folder, `.${path.posix.normalize(decodeURIComponent(address))}`);
    return file.startsWith(folder + path.sep) ? file : undefined;
  } catch {
    return undefined; // A percent sign that escapes nothing.
  }
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function send(ctx: Context, file: string, immutable: boolean): Promise<void> {
  ctx.vary("accept-encoding");
  // The build leaves `x.gz` beside what is worth it.
  const small = ctx.acceptsEncodings("gzip", "identity") === "gzip" && (await isFile(`${file}.gz`));
  if (small) ctx.set("content-encoding", "gzip");
  ctx.type = types[path.extname(file)] ?? "application/octet-stream";
  ctx.set("cache-control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  ctx.body = createReadStream(small ? `${file}.gz` : file);
}
