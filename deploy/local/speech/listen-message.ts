import type { Final, HeardWord, Partial } from "./recogniser-line.ts";
import { type Place, writeWords } from "./written-word.ts";

export const SAMPLE_RATE = 16_000;

const MODEL = { name: "pocketsphinx-en-us", version: "5prealpha", arch: "pocketsphinx" } as const;
const MODEL_UUID = "5f0c9f1e-6c0b-4d1a-9d52-0d6f5b1c7a10";

/** Seconds to a tenth of a millisecond: finer than a sample would only be noise in the JSON. */
export function seconds(samples: number): number {
  return Math.round((samples / SAMPLE_RATE) * 10_000) / 10_000;
}

/** One `Results` message; `from` is where the last final ended. */
export function results(
  line: Partial | Final,
  context: { readonly from: number; readonly requestId: string; readonly punctuate: boolean; readonly opens: boolean },
): object {
  const isFinal = line.type === "final";
  const spoken = isFinal && (line.cause === "silence" || line.cause === "quiet" || line.cause === "end");
  const place = { opens: context.opens, closes: isFinal && line.cause !== "long" };
  const words = line.words.length > 0 ? describe(line.words, place) : [];
  return {
    type: "Results",
    channel_index: [0, 1],
    start: seconds(context.from),
    duration: seconds(Math.max(0, line.to - context.from)),
    is_final: isFinal,
    speech_final: spoken,
    from_finalize: isFinal && line.cause === "finalize",
    channel: {
      alternatives: [
        {
          transcript: words.map((word) => (context.punctuate ? word.punctuated_word : word.word)).join(" "),
          confidence: words.length === 0 ? 0 : mean(words.map((word) => word.confidence)),
          words,
        },
      ],
    },
    metadata: { request_id: context.requestId, model_info: MODEL, model_uuid: MODEL_UUID },
  };
}

function describe(heard: readonly HeardWord[], place: Place) {
  const written = writeWords(
    heard.map(([word]) => word),
    place,
  );
  return heard.map(([word, start, end, confidence], index) => ({
    word,
    start: seconds(start),
    end: seconds(end),
    confidence: Math.min(1, Math.max(0, confidence)),
    punctuated_word: written[index] ?? word,
  }));
}

function mean(values: readonly number[]): number {
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1000) / 1000;
}

export function metadata(stream: {
  readonly requestId: string;
  readonly sha256: string;
  readonly created: Date;
  readonly samples: number;
}): object {
  return {
    type: "Metadata",
    transaction_key: "deprecated",
    request_id: stream.requestId,
    sha256: stream.sha256,
    created: stream.created.toISOString(),
    duration: seconds(stream.samples),
    channels: 1,
    models: [MODEL_UUID],
    model_info: { [MODEL_UUID]: MODEL },
  };
}

export const speechStarted = (at: number): object => ({
  type: "SpeechStarted",
  channel: [0, 1],
  timestamp: seconds(at),
});

export const utteranceEnd = (lastWordEnd: number): object => ({
  type: "UtteranceEnd",
  channel: [0, 1],
  last_word_end: seconds(lastWordEnd),
});
