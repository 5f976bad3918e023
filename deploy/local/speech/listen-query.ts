import { z } from "zod";

const Flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((text) => text === "true");

/** Deepgram's default of 10 ms would cut words at their own stop consonants; this decoder needs a real pause. */
const ENDPOINTING_MS = { least: 250, usual: 500, most: 5_000 } as const;

const Endpointing = z.union([
  Flag.transform((on) => (on ? ENDPOINTING_MS.usual : ENDPOINTING_MS.most)),
  z.coerce.number({ error: "must be false or milliseconds" }).int().positive(),
]);

/** The query of `/v1/listen` as far as this server honours it. What it does not know it ignores, as Deepgram does. */
const Query = z.object({
  model: z.string({ error: "is needed" }).min(1, "is needed"),
  language: z
    .string()
    .regex(/^en([-_]|$)/i, "only English is understood offline")
    .default("en"),
  encoding: z.literal("linear16", { error: "must be linear16" }),
  sample_rate: z.literal("16000", { error: "must be 16000" }),
  channels: z.literal("1", { error: "must be 1" }).default("1"),
  multichannel: z.literal("false", { error: "is not supported offline" }).default("false"),
  interim_results: Flag.default(false),
  punctuate: Flag.default(false),
  smart_format: Flag.default(false),
  vad_events: Flag.default(false),
  endpointing: Endpointing.default(ENDPOINTING_MS.usual),
  utterance_end_ms: z.coerce
    .number({ error: "must be milliseconds" })
    .int()
    .min(1000, "must be 1000 or more")
    .optional(),
});

export type ListenOptions = {
  readonly interims: boolean;
  readonly punctuate: boolean;
  readonly vadEvents: boolean;
  readonly pauseMs: number;
  readonly utteranceEndMs: number | undefined;
};

/** What a client asks for, or one sentence that names each parameter that cannot be served. */
export function readListenQuery(
  query: URLSearchParams,
): { readonly ok: true; readonly options: ListenOptions } | { readonly ok: false; readonly fault: string } {
  const parsed = Query.safeParse(Object.fromEntries(query));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    return { ok: false, fault: `Bad query parameters: ${faults.join("; ")}.` };
  }
  const given = parsed.data;
  return {
    ok: true,
    options: {
      interims: given.interim_results,
      punctuate: given.punctuate || given.smart_format,
      vadEvents: given.vad_events,
      pauseMs: Math.min(Math.max(given.endpointing, ENDPOINTING_MS.least), ENDPOINTING_MS.most),
      utteranceEndMs: given.utterance_end_ms,
    },
  };
}
