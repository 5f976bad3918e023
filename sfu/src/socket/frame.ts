import { z } from "zod";

/** What one frame turned out to be. */
export type Frame<Message> =
  | { readonly type: "message"; readonly message: Message }
  /** Not a message of ours, but its request can be answered. */
  | { readonly type: "refused"; readonly id: number; readonly reason: string }
  /** Nothing that could be answered. */
  | { readonly type: "garbage"; readonly reason: string };

const Request = z.object({ id: z.int().min(0) });

/** Reads a text frame against the schema of its direction. The reason names the field at fault, never its value. */
export function readFrame<Schema extends z.ZodType>(
  schema: Schema,
  data: Buffer,
  isBinary: boolean,
): Frame<z.output<Schema>> {
  if (isBinary) return { type: "garbage", reason: "Frames are JSON text." };
  let raw: unknown;
  try {
    raw = JSON.parse(data.toString("utf8"));
  } catch {
    return { type: "garbage", reason: "The frame is not JSON." }; // What the parser says would repeat the frame.
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { type: "message", message: parsed.data };
  const [issue] = parsed.error.issues;
  const reason = issue ? `${issue.path.join(".") || "frame"}: ${issue.message}` : "The frame is not valid.";
  const request = Request.safeParse(raw);
  return request.success ? { type: "refused", id: request.data.id, reason } : { type: "garbage", reason };
}
