import { z } from "zod";

const Positive = z.coerce.number({ error: "must be a number" }).positive("must be more than 0");

/**
 * The model that makes follow-up questions: `schema.and(modelEnv)` gives a config with `suggestions`, undefined where the
 * rules make them.
 */
export const modelEnv = z
  .object({
    OPENAI_API_KEY: z.string().optional(),
    OPENAI_BASE_URL: z
      .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
      .default("https://api.openai.com/v1"),
    OPENAI_MODEL: z.string().default("gpt-4.1-mini"),
    OPENAI_SUGGESTIONS: z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
    /** Tokens that follow-up questions of one interview may cost. */
    SUGGESTION_BUDGET_TOKENS: z.coerce
      .number({ error: "must be a whole number" })
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(200_000),
    /** What they may cost in money, and what a million tokens cost at the dearer of the model's prices. */
    SUGGESTION_BUDGET_MONEY: Positive.optional(),
    OPENAI_PRICE: Positive.optional(),
  })
  .transform((e, context) => {
    const { SUGGESTION_BUDGET_TOKENS: tokens, SUGGESTION_BUDGET_MONEY: money, OPENAI_PRICE: price } = e;
    if (money !== undefined && price === undefined) {
      // A price that we guessed would let it spend more than it may.
      const message = "is needed for SUGGESTION_BUDGET_MONEY: what a million tokens cost";
      context.addIssue({ code: "custom", path: ["OPENAI_PRICE"], message });
      return z.NEVER;
    }
    if (e.OPENAI_API_KEY === undefined || e.OPENAI_SUGGESTIONS === "off") return { suggestions: undefined };
    const affordable = money === undefined || price === undefined ? tokens : Math.floor((money / price) * 1e6);
    const suggestions = {
      apiKey: e.OPENAI_API_KEY,
      baseUrl: e.OPENAI_BASE_URL,
      /** Whom candidates are told of. */
      service: new URL(e.OPENAI_BASE_URL).hostname.endsWith(".openai.com") ? ("openai" as const) : ("other" as const),
      model: e.OPENAI_MODEL,
      budgetTokens: Math.min(tokens, affordable),
    };
    return { suggestions };
  });
