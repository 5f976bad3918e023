import type { Context } from "koa";
import { notesPath, type WhichNotes } from "@verbatim/shared/document/notes";
import type { InterviewId } from "@verbatim/shared/ids";

/** Addresses of sockets as the browser that asks reaches them. */
export type SocketUrls = {
  signal(ctx: Context): string;
  live(ctx: Context, interviewId: string): string;
  notes(ctx: Context, interviewId: InterviewId, which: WhichNotes): string;
};

/**
 * Without SIGNAL_URL the media server is taken to be at the same host: at its own port, or, behind a proxy that puts
 * both under one origin, at the same one.
 */
export function socketUrls(options: {
  readonly secure: boolean;
  readonly signalUrl: string | undefined;
  readonly sfuPort: number | undefined;
}): SocketUrls {
  const scheme = options.secure ? "wss" : "ws";
  return {
    signal: (ctx) =>
      options.signalUrl ?? `${scheme}://${options.sfuPort ? `${hostname(ctx)}:${options.sfuPort}` : ctx.host}/signal`,
    live: (ctx, interviewId) => `${scheme}://${ctx.host}/live/${interviewId}`,
    notes: (ctx, interviewId, which) => `${scheme}://${ctx.host}${notesPath(interviewId, which)}`,
  };
}

/** Koa drops the brackets of an IPv6 address; a URL needs them. A hostile Host header gives no address at all. */
function hostname(ctx: Context): string {
  const name = ctx.hostname.includes(":") ? `[${ctx.hostname.replace(/[[\]]/g, "")}]` : ctx.hostname;
  return URL.canParse(`http://${name}/`) ? name : "localhost";
}
