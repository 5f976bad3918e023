import { z } from "zod";
import { contract } from "./contract.ts";

/** Ten days: longer than anything is recorded. */
const AtMs = z.int().min(0).max(864_000_000);

/** A position of one of the interview's recordings, which is named by its part or, as notes do, by when it began (UTC ms). */
const Where = z.union([
  z.strictObject({ part: z.int().min(1).max(10_000), atMs: AtMs }),
  z.strictObject({ startedAtMs: z.int().min(0), atMs: AtMs }),
]);
export type Where = z.infer<typeof Where>;

/** A stored file of the mix: its first sample stands for `startMs`; what is held without a gap ends at `untilMs`. */
const Piece = z.object({ url: z.string(), startMs: z.int().min(0), untilMs: z.int().min(0) });
export type Piece = z.infer<typeof Piece>;

/** `nobody`: none of those who are recorded was in the call. `end`: the recording does not reach so far. */
const WhyMissing = z.enum(["paused", "recorder", "nobody", "end"]);
export type WhyMissing = z.infer<typeof WhyMissing>;

const Replay = z.discriminatedUnion("state", [
  /** `next` goes on at the piece's end, where that is stored, too. */
  z.object({ state: z.literal("stored"), piece: Piece, next: Piece.nullable() }),
  /** Not in the store yet; null when nobody can say when it will be. */
  z.object({ state: z.literal("later"), inMs: z.int().min(0).nullable() }),
  /** A gap; null when nothing is stored behind it. */
  z.object({ state: z.literal("missing"), why: WhyMissing, goesOnMs: z.int().min(0).nullable() }),
]);
export type Replay = z.infer<typeof Replay>;

/** For staff and observers who are in the call: what the store holds of a moment. Links in it end after minutes. */
export const replayInCall = contract({
  method: "POST",
  path: "/v1/call/:interviewId/:role/replay",
  body: Where,
  reply: Replay,
});

/** The same for everybody with an account in the organisation. */
export const replay = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/replay",
  body: Where,
  reply: Replay,
});
