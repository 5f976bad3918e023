import { z } from "zod";
import { jsonOf } from "@verbatim/shared/json";
import { ModelAnswer } from "./model-answer.ts";

/** What came of one request. `tokens` is null where the provider never told what it used. */
export type ModelReply =
  | { readonly kind: "answered"; readonly answer: ModelAnswer; readonly tokens: number | null }
  | { readonly kind: "failed"; readonly reason: string; readonly tokens: number | null };

/** A figure for our budget: where it is missing, the answer is as good. */
const Usage = z
  .object({ total_tokens: z.int().min(0) })
  .nullish()
  .catch(null);
const Responses = z.object({
  status: z.string().optional(),
  output: z.array(
    z.object({ content: z.array(z.object({ type: z.string(), text: z.string().optional() })).nullish() }),
  ),
  usage: Usage,
});
const Chat = z.object({
  choices: z.array(
    z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() }),
  ),
  usage: Usage,
});

/** Of a reply of the Responses API. A compatible server may answer with anything. */
export function readResponses(body: unknown): ModelReply {
  const parsed = Responses.safeParse(body);
  if (!parsed.success) return { kind: "failed", reason: "malformed", tokens: null };
  const { status, output, usage } = parsed.data;
  const parts = output.flatMap(({ content }) => content ?? []);
  const text = parts.map((part) => (part.type === "output_text" ? (part.text ?? "") : "")).join("");
  return readAnswer(text, status === "incomplete", usage?.total_tokens ?? null);
}

/** Of a reply to a chat completion. */
export function readChat(body: unknown): ModelReply {
  const parsed = Chat.safeParse(body);
  if (!parsed.success) return { kind: "failed", reason: "malformed", tokens: null };
  const [choice] = parsed.data.choices;
  const tokens = parsed.data.usage?.total_tokens ?? null;
  return readAnswer(choice?.message.content ?? "", choice?.finish_reason === "length", tokens);
}

function readAnswer(text: string, cut: boolean, tokens: number | null): ModelReply {
  if (cut) return { kind: "failed", reason: "incomplete", tokens };
  // A server without schemas lets a model put words or a fence around its JSON, or refuse without any.
  const answer = ModelAnswer.safeParse(jsonOf(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)));
  if (!answer.success) return { kind: "failed", reason: "malformed", tokens };
  return { kind: "answered", answer: answer.data, tokens };
}
