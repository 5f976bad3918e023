import { z } from "zod";

const Speaker = z.enum(["interviewer", "candidate"]);
export type Speaker = z.infer<typeof Speaker>;
const Ms = z.number();
const Figures = z.strictObject({ p50: Ms.nullable(), p95: Ms.nullable(), n: z.int() });
export type Figures = z.infer<typeof Figures>;

/** report.json, exactly. Times are ms on the recording's clock unless a name says otherwise. */
export const Report = z.strictObject({
  interviewId: z.string(),
  recording: z.strictObject({
    state: z.string(),
    durationMs: Ms,
    coverage: z.strictObject({ interviewer: z.number(), candidate: z.number() }),
    gaps: z.array(z.strictObject({ speaker: Speaker, startMs: Ms, endMs: Ms, cause: z.string() })),
    absences: z.array(z.strictObject({ speaker: Speaker, startMs: Ms, endMs: Ms })),
    chunks: z.array(
      z.strictObject({
        key: z.string(),
        mediaType: z.string(),
        run: z.string(),
        track: z.string(),
        seq: z.int(),
        startMs: Ms,
        endMs: Ms,
        bytes: z.int(),
        sha256: z.string(),
        source: z.string(),
      }),
    ),
    masterKey: z.string().nullable(),
  }),
  timings: z.strictObject({
    readyMs: Ms,
    speechStartMs: Ms,
    joinMs: z.array(Ms),
    startToFirstDurableMs: Ms.nullable(),
    stopToMasterMs: Ms.nullable(),
    wordMs: Figures,
    engineMs: Figures,
    takeoverMs: Ms.nullable(),
  }),
  live: z.strictObject({
    documentBytes: z.int(),
    notesBytes: z.int(),
    lateJoinMs: Ms.nullable(),
    screenMs: Figures,
    suggestions: z.array(
      z.strictObject({
        atMs: Ms,
        afterAnswerMs: Ms,
        providerMs: Ms,
        text: z.string(),
        competency: z.string(),
        quote: z.string(),
      }),
    ),
    typed: z.strictObject({ sent: z.int(), kept: z.int() }),
    annotations: z.strictObject({ made: z.int(), kept: z.int() }),
  }),
  transcript: z.array(z.strictObject({ speaker: Speaker, startMs: Ms, endMs: Ms, text: z.string() })),
  observers: z.array(z.strictObject({ name: z.string(), segmentsSeen: z.int(), sameAsServer: z.boolean() })),
  faults: z.array(z.strictObject({ spec: z.string(), atMs: Ms, recoveredMs: Ms.nullable(), note: z.string() })),
});
export type Report = z.infer<typeof Report>;

/** Nearest-rank percentiles of what was measured; null when nothing was. */
export function figures(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (p: number): number | null => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;
  return { p50: rank(0.5), p95: rank(0.95), n: sorted.length };
}
