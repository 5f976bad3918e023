import OpenAI from "openai";
import { z } from "zod";
import { ModelAnswer } from "./model-answer.ts";
import { type ModelReply, readChat, readResponses } from "./model-reply.ts";
import type { Prompt } from "./prompt.ts";

export type Model = { ask(prompt: Prompt, signal: AbortSignal): Promise<ModelReply> };

/** Three questions with their quotes are about 250. */
export const MOST_ANSWER_TOKENS = 800;
/** A reply that we asked for has a few kilobytes. */
const MOST_REPLY_BYTES = 256 * 1024;

const { $schema: _, ...schema } = z.toJSONSchema(ModelAnswer);
const format = { name: "suggestions", schema, strict: true } as const;

/**
 * A model behind OpenAI's interface. Nobody needs a question that comes after `totalMs`. One retry by the SDK, never of a
 * request that was late: it may be paid for already.
 */
export function openAiModel(options: {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly totalMs?: number;
}): Model {
  const { apiKey, baseUrl, model, totalMs = 10_000 } = options;
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl,
    // Else the SDK takes these from the environment, and its log would have spoken words.
    organization: null,
    project: null,
    logLevel: "off",
    maxRetries: 1,
    fetch: limitedFetch,
  });
  const byResponses = async ({ instructions, data }: Prompt, signal: AbortSignal): Promise<ModelReply> => {
    const body = await client.responses.create(
      {
        model,
        instructions,
        input: [{ role: "user", content: data }],
        text: { format: { type: "json_schema", ...format } },
        max_output_tokens: MOST_ANSWER_TOKENS,
        store: false,
      },
      { signal },
    );
    return readResponses(body);
  };
  /** Without `store`: OpenAI's own server never gets here, and some others refuse what they do not know. */
  const byChat = async ({ instructions, data }: Prompt, signal: AbortSignal, schema = true): Promise<ModelReply> => {
    const body = await client.chat.completions.create(
      {
        model,
        messages: [
          { role: "system", content: instructions },
          { role: "user", content: data },
        ],
        ...(schema ? { response_format: { type: "json_schema", json_schema: format } } : {}),
        max_tokens: MOST_ANSWER_TOKENS,
      },
      { signal },
    );
    return readChat(body);
  };
  /** Many compatible servers have chat completions alone, and some of those know no schema; the instructions tell it too. */
  const ways = [
    { by: byResponses, isNotThere: lacksResponses },
    { by: byChat, isNotThere: lacksSchema },
    { by: (prompt: Prompt, signal: AbortSignal) => byChat(prompt, signal, false), isNotThere: () => false },
  ];
  /** The first way that was answered on, once per process. */
  let known = 0;
  const ask = async (prompt: Prompt, signal: AbortSignal): Promise<ModelReply> => {
    for (const [at, { by, isNotThere }] of ways.entries()) {
      if (at < known) continue;
      try {
        const reply = await by(prompt, signal);
        known = at;
        return reply;
      } catch (thrown) {
        if (!isNotThere(thrown)) throw thrown;
      }
    }
    throw new TypeError("No way is left.");
  };

  return {
    async ask(prompt, signal) {
      const stop = AbortSignal.any([signal, AbortSignal.timeout(totalMs)]);
      try {
        return await ask(prompt, stop);
      } catch (thrown) {
        return failure(thrown, stop.aborted);
      }
    },
  };
}

/** A model that is not there is a 404 too, and says so. */
const lacksResponses = (thrown: unknown): boolean =>
  thrown instanceof OpenAI.APIError &&
  (thrown.status === 404 || thrown.status === 405) &&
  thrown.code !== "model_not_found";

/** What is wrong with a request is not said in the same words by any two servers. */
const lacksSchema = (thrown: unknown): boolean =>
  thrown instanceof OpenAI.APIError && (thrown.status === 400 || thrown.status === 422);

/** Why there is no answer, without a word of what was sent: providers repeat that in their messages. */
function failure(thrown: unknown, late: boolean): ModelReply {
  // The request may be answered, and paid for, without us.
  if (late) return { kind: "failed", reason: "timeout", tokens: null };
  // A connection that broke may have done so after the model had answered.
  if (thrown instanceof OpenAI.APIConnectionError) {
    return { kind: "failed", reason: "unreachable", tokens: neverSent(thrown) ? 0 : null };
  }
  if (thrown instanceof OpenAI.APIError) return { kind: "failed", reason: `status ${thrown.status}`, tokens: 0 };
  // What the SDK throws where a reply is no JSON, or not of its shape, or longer than any should be.
  if (thrown instanceof SyntaxError || thrown instanceof TypeError || thrown instanceof RangeError) {
    return { kind: "failed", reason: "malformed", tokens: null };
  }
  throw thrown;
}

const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const neverSent = (thrown: unknown): boolean =>
  thrown instanceof Error && (("code" in thrown && NEVER_SENT.has(String(thrown.code))) || neverSent(thrown.cause));

const limitedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > MOST_REPLY_BYTES) controller.error(new RangeError("The reply is too long."));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(limit) ?? null, response);
};
