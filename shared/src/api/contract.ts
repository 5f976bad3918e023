import { z } from "zod";

/** One endpoint: `api` serves it, `web` calls it, both parse with the same schemas. */
export type Contract<Body extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With `:name` parameters, each a path segment. */
  readonly path: string;
  readonly body: Body;
  readonly reply: Reply;
};

export function contract<Body extends z.ZodType, Reply extends z.ZodType>(
  spec: Contract<Body, Reply>,
): Contract<Body, Reply> {
  return spec;
}

/** Requests without a body. */
export const nothing = z.strictObject({}).optional();
/** Replies that say only that it was done. */
export const done = z.object({ ok: z.literal(true) });

/** Every failed request answers this with the status from the table of errors. */
export const ErrorReply = z.object({ code: z.string(), message: z.string(), requestId: z.string() });
export type ErrorReply = z.infer<typeof ErrorReply>;
