import type Router from "@koa/router";
import type { Context } from "koa";
import { getReview, type ReviewSegment, transcriptFormats } from "@verbatim/shared/api/interviews";
import { unreachable } from "@verbatim/shared/assert";
import type { Accounts } from "../accounts/accounts.ts";
import type { Member } from "../accounts/auth.ts";
import { whoAsks } from "../accounts/routes.ts";
import { correctedSegments } from "../marks/corrected-segments.ts";
import type { Marks } from "../marks/marks.ts";
import { type Params, parseParams, serve } from "../http/serve.ts";
import type { OneReview, Reviews } from "./reviews.ts";
import { asText, asVtt } from "./transcript-text.ts";

type Format = (typeof transcriptFormats)[number];
const types: Readonly<Record<Format, string>> = {
  txt: "text/plain; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
  json: "application/json; charset=utf-8",
};

export function reviewRoutes(
  router: Router,
  deps: { readonly accounts: Accounts; readonly marks: Pick<Marks, "all">; readonly reviews: Reviews },
): void {
  const { accounts, marks, reviews } = deps;
  serve(router, getReview, async ({ params, ctx }) => reviews.get(await whoAsks(accounts, ctx), params.interviewId));

  const recording = "/v1/interviews/:interviewId/recordings/:recordingId";
  // Links to stored files end after minutes; these never do, because each use asks who is there and makes a new one.
  const lead = (path: string, linkTo: (member: Member, params: Params) => Promise<string>): void => {
    router.register(`${recording}/${path}`, ["GET", "HEAD"], async (ctx: Context) => {
      const link = await linkTo(await whoAsks(accounts, ctx), parseParams(ctx["params"]));
      ctx.set("cache-control", "private, no-store");
      ctx.redirect("download" in ctx.query ? `${link}?download` : link);
    });
  };
  lead("master", (member, at) => reviews.link(member, at.interviewId, at.recordingId, "master"));
  lead("tracks/:seatId", (member, at) => reviews.link(member, at.interviewId, at.recordingId, at.seatId));
  lead("pictures/:sha256", (member, at) => reviews.picture(member, at));

  router.register(`${recording}/pictures.json`, ["GET"], async (ctx: Context) => {
    const { interviewId, recordingId } = parseParams(ctx["params"]);
    const { title, part, review } = await reviews.one(await whoAsks(accounts, ctx), interviewId, recordingId);
    const { startedAt, pictures } = review;
    ctx.body = JSON.stringify({ title, part, startedAt, pictures }, null, 2);
    ctx.type = types.json;
    ctx.set("cache-control", "private, no-store");
    ctx.set("content-disposition", `attachment; filename="pictures-${part}.json"`);
  });

  for (const format of transcriptFormats) {
    router.register(`${recording}/transcript.${format}`, ["GET"], async (ctx: Context) => {
      const { interviewId, recordingId } = parseParams(ctx["params"]);
      const member = await whoAsks(accounts, ctx);
      const transcript = await reviews.one(member, interviewId, recordingId);
      const made = await marks.all({ tenantId: member.tenantId, interviewId });
      const { review, part } = transcript;
      ctx.body = spelled(format, transcript, correctedSegments(review.segments, part, made.marks, made.speakers));
      ctx.type = types[format];
      ctx.set("cache-control", "private, no-store");
      ctx.set("content-disposition", `attachment; filename="transcript-${transcript.part}.${format}"`);
    });
  }
}

/** As it was corrected; the one for programs holds both. */
function spelled(format: Format, { title, review }: OneReview, corrected: readonly ReviewSegment[]): string {
  switch (format) {
    case "txt":
      return asText(title, corrected);
    case "vtt":
      return asVtt(corrected);
    case "json":
      return JSON.stringify(
        {
          title,
          part: review.part,
          startedAt: review.startedAt,
          segments: withCorrections(review.segments, corrected),
        },
        null,
        2,
      );
    default:
      return unreachable(format);
  }
}

function withCorrections(segments: readonly ReviewSegment[], corrected: readonly ReviewSegment[]) {
  return segments.map((segment, index) => {
    const now = corrected[index];
    if (!now || now === segment) return segment;
    return { ...segment, corrected: { seatId: now.seatId, speaker: now.speaker, text: now.text } };
  });
}
