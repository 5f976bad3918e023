import { z } from "zod";
import { RecordingClock, Samples } from "../clock.ts";
import { InterviewId, RecordingId, RunId, SeatId, TenantId } from "../ids.ts";
import { SpeechEngineName, SpeechService } from "../speech/service.ts";
import { Assembly, ChunkRow, ManifestTrack, PictureGaps } from "../recording/manifest.ts";

/**
 * ship, scribe, assembler → api, on the api's loopback port at /events, with a service token (audience "events").
 * Every event is idempotent and is repeated until the api answers `ok`, which it does only after its transaction.
 */
export const eventsProtocol = { current: 1, oldest: 1 } as const;

/** What both sides keep to. 400 words with their times take 50 kB; an assembly with every chunk of 12 hours missing 1 MB. */
export const eventsLimits = { frameBytes: 1024 * 1024 } as const;

const of = { tenantId: TenantId, interviewId: InterviewId, recordingId: RecordingId };

export const Word = z.object({
  text: z.string().min(1).max(200),
  startMs: z.int().min(0),
  endMs: z.int().min(0),
  confidence: z.number().min(0).max(1),
  /** From handing the engine the last audio that holds the word to its first answer with it, ms. */
  engineMs: z.int().min(0).optional(),
  /** When that answer came, on the recording's clock, ms. */
  answeredMs: z.int().min(0).optional(),
});
export type Word = z.infer<typeof Word>;

/** What the page says about transcription. */
export const SpeechState = z.object({
  state: z.enum(["on", "connecting", "off"]),
  engine: SpeechEngineName,
  /** A sentence when off or connecting, else empty: what is going on and what still works. */
  reason: z.string().max(300),
});
export type SpeechState = z.infer<typeof SpeechState>;

export const RecorderEvent = z.discriminatedUnion("type", [
  /** From ship, every second per run, from what the spool and ship.log say. */
  z.object({
    type: z.literal("run-alive"),
    ...of,
    runId: RunId,
    clock: RecordingClock,
    startSamples: Samples,
    /** Everything before this is fdatasync'ed in the spool. */
    durableSamples: Samples,
    /** Every chunk before this is stored, read back and answered by the api. */
    storedSamples: Samples,
    /** Position of the run's end once it has ended. */
    endSamples: Samples.nullable(),
    /** Chunks not yet in the store. */
    backlog: z.int().min(0),
    tracks: z.array(ManifestTrack.extend({ lastPacketSamples: Samples, pictureGaps: PictureGaps.optional() })),
  }),
  z.object({ type: z.literal("chunk-stored"), ...of, chunk: ChunkRow }),
  /** Interim words of one speaker replace that speaker's last ones; empty text clears them. */
  z.object({
    type: z.literal("words-interim"),
    ...of,
    seatId: SeatId,
    startMs: z.int().min(0),
    text: z.string().max(2000),
  }),
  /** Final words. Its id is speaker + first position, so a repeated event is a no-op. */
  z.object({
    type: z.literal("words-final"),
    ...of,
    seatId: SeatId,
    startMs: z.int().min(0),
    endMs: z.int().min(0),
    /** When they were told, on the recording's clock, ms: so long after `endMs` nobody knows of more words. */
    toldMs: z.int().min(0).optional(),
    words: z.array(Word).min(1).max(400),
  }),
  z.object({ type: z.literal("speech"), ...of, speech: SpeechState }),
  z.object({ type: z.literal("assembled"), ...of, assembly: Assembly }),
  z.object({ type: z.literal("assemble-failed"), ...of, revision: z.int().min(1), reason: z.string().max(500) }),
]);
export type RecorderEvent = z.infer<typeof RecorderEvent>;

export const RecorderMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    id: z.int().min(0),
    protocol: z.int(),
    from: z.string().max(40),
    /** From scribe: the service it uses. */
    speech: SpeechService.optional(),
  }),
  /** With id 0 no answer is wanted: unfinished words, which the next ones replace. */
  z.strictObject({ type: z.literal("event"), id: z.int().min(0), event: RecorderEvent }),
]);
export type RecorderMessage = z.infer<typeof RecorderMessage>;

export const EventReply = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ok"), id: z.int() }),
  z.object({ type: z.literal("error"), id: z.int(), code: z.string(), message: z.string(), retry: z.boolean() }),
]);
export type EventReply = z.infer<typeof EventReply>;
