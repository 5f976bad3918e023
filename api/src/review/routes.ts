import type Router from "@koa/router";
import type { Context } from "koa";
import { getReview, transcriptFormats } from "@verbatim/shared/api/interviews";
import { unreachable } from "@verbatim/shared/assert";
import type { SeatId } from "@verbatim/shared/ids";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { type Params, parseParams, serve } from "../http/serve.ts";
import type { Reviews, Transcript } from "./reviews.ts";
import { asText, asVtt } from "./transcript-text.ts";

type Format = (typeof transcriptFormats)[number];
const types: Readonly<Record<Format, string>> = {
  txt: "text/plain; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
  json: "application/json; charset=utf-8",
};

export function reviewRoutes(router: Router, deps: { readonly accounts: Accounts; readonly reviews: Reviews }): void {
  const { accounts, reviews } = deps;
  serve(router, getReview, async ({ params, ctx }) => reviews.get(await whoAsks(accounts, ctx), params.interviewId));

  const recording = "/v1/interviews/:interviewId/recordings/:recordingId";
  // Links to stored sound end after minutes; these never do, because each use asks who is there and makes a new one.
  const lead = (path: string, which: (params: Params) => SeatId | "master"): void => {
    router.register(`${recording}/${path}`, ["GET", "HEAD"], async (ctx: Context) => {
      const params = parseParams(ctx["params"]);
      const member = await whoAsks(accounts, ctx);
      const link = await reviews.link(member, params.interviewId, params.recordingId, which(params));
      ctx.set("cache-control", "private, no-store");
      ctx.redirect("download" in ctx.query ? `${link}?download` : link);
    });
  };
  lead("master", () => "master");
  lead("tracks/:seatId", ({ seatId }) => seatId);

  for (const format of transcriptFormats) {
    const path = `${recording}/transcript.${format}`;
    router.register(path, ["GET"], async (ctx: Context) => {
      const { interviewId, recordingId } = parseParams(ctx["params"]);
      const transcript = await reviews.transcript(await whoAsks(accounts, ctx), interviewId, recordingId);
      ctx.body = spelled(format, transcript);
      ctx.type = types[format];
      ctx.set("cache-control", "private, no-store");
      ctx.set("content-disposition", `attachment; filename="transcript-${transcript.part}.${format}"`);
    });
  }
}

function spelled(format: Format, { title, review }: Transcript): string {
  switch (format) {
    case "txt":
      return asText(title, review.segments);
    case "vtt":
      return asVtt(review.segments);
    case "json":
      return JSON.stringify(
        { title, part: review.part, startedAt: review.startedAt, segments: review.segments },
        null,
        2,
      );
    default:
      return unreachable(format);
  }
}
