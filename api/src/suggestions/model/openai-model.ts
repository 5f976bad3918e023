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

/** A model behind OpenAI's interface. One retry by the SDK; nobody needs a question that comes after `totalMs`. */
export function openAiModel(options: {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly tryMs?: number;
  readonly totalMs?: number;
}): Model {
  const { apiKey, baseUrl, model, tryMs = 8_000, totalMs = 10_000 } = options;
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl,
    // Else the SDK takes these from the environment, and its log would have spoken words.
    organization: null,
    project: null,
    logLevel: "off",
    maxRetries: 1,
    timeout: tryMs,
    fetch: limitedFetch,
  });
  /** Many compatible servers have chat completions alone. Found out once per process. */
  let hasResponses = true;

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
  const byChat = async ({ instructions, data }: Prompt, signal: AbortSignal): Promise<ModelReply> => {
    const body = await client.chat.completions.create(
      {
        model,
        messages: [
          { role: "system", content: instructions },
          { role: "user", content: data },
        ],
        response_format: { type: "json_schema", json_schema: format },
        max_tokens: MOST_ANSWER_TOKENS,
      },
      { signal },
    );
    return readChat(body);
  };
  const ask = async (prompt: Prompt, signal: AbortSignal): Promise<ModelReply> => {
    if (!hasResponses) return byChat(prompt, signal);
    try {
      return await byResponses(prompt, signal);
    } catch (thrown) {
      if (!lacksResponses(thrown)) throw thrown;
      hasResponses = false;
      return byChat(prompt, signal);
    }
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

/** Why there is no answer, without a word of what was sent: providers repeat that in their messages. */
function failure(thrown: unknown, late: boolean): ModelReply {
  // The request may be answered, and paid for, without us.
  if (late || thrown instanceof OpenAI.APIConnectionTimeoutError) {
    return { kind: "failed", reason: "timeout", tokens: null };
  }
  if (thrown instanceof OpenAI.APIConnectionError) return { kind: "failed", reason: "unreachable", tokens: 0 };
  if (thrown instanceof OpenAI.APIError) return { kind: "failed", reason: `status ${thrown.status}`, tokens: 0 };
  // What the SDK throws where a reply is no JSON, or not of its shape, or longer than any should be.
  if (thrown instanceof SyntaxError || thrown instanceof TypeError || thrown instanceof RangeError) {
    return { kind: "failed", reason: "malformed", tokens: null };
  }
  throw thrown;
}

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
