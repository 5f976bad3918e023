import { z } from "zod";

/** As the types of @deepgram/sdk 5.13.0 have it. Servers from before July 2026 tell no times of words. */
const HeardWord = z.object({
  word: z.string(),
  confidence: z.number().default(0),
  start: z.number().optional(),
  end: z.number().optional(),
});

/** How a turn stands. Windows count seconds of the stream; a turn's begins where the last one's ended. */
const TurnInfo = z.object({
  type: z.literal("TurnInfo"),
  /** Update, StartOfTurn, EagerEndOfTurn, TurnResumed, EndOfTurn; and what they may add. */
  event: z.string(),
  audio_window_start: z.number().min(0),
  audio_window_end: z.number().min(0),
  /** Of the whole turn so far. */
  words: z.array(HeardWord).default([]),
});
export type TurnInfo = z.infer<typeof TurnInfo>;

/** What Deepgram's turn-based protocol says, as far as it concerns us; the rest is ignored. */
export const TurnMessage = z.discriminatedUnion("type", [
  TurnInfo,
  z.object({ type: z.literal("Error"), code: z.string().max(100).default("unknown") }),
]);
