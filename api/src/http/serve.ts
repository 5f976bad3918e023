import type Router from "@koa/router";
import type { Context } from "koa";
import { z } from "zod";
import type { Contract } from "@verbatim/shared/api/contract";
import { DomainError } from "@verbatim/shared/errors";
import { languageTags } from "@verbatim/shared/languages";
import { InterviewId, RecordingId, Role, SeatId } from "@verbatim/shared/ids";
import { Sha256 } from "@verbatim/shared/recording/manifest";

const BODY_BYTES = 64 * 1024;

/** The reply of contracts that say only that it was done. */
export const ok = { ok: true } as const;

/** What may stand in a path. Something else there is the same as something unknown: not found. */
const params = {
  interviewId: InterviewId,
  recordingId: RecordingId,
  role: Role,
  language: z.enum(languageTags),
  seatId: SeatId,
  seq: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  sha256: Sha256,
};
export type Params = { readonly [Name in keyof typeof params]: z.infer<(typeof params)[Name]> };

/** Binds a contract to a handler: parse in, call, parse out. Handlers never see raw input. */
export function serve<Body extends z.ZodType, Reply extends z.ZodType>(
  router: Router,
  contract: Contract<Body, Reply>,
  handle: (request: { body: z.output<Body>; params: Params; ctx: Context }) => Promise<z.input<Reply>>,
): void {
  router.register(contract.path, [contract.method], async (ctx: Context) => {
    const given = parseParams(ctx["params"]);
    const raw = contract.method === "GET" ? undefined : await readJson(ctx);
    const body = parseInput(contract.body, raw);
    const reply = await handle({ body, params: given, ctx });
    ctx.set("cache-control", "no-store");
    ctx.body = contract.reply.parse(reply);
  });
}

/** A body, or a query. Throws `input.invalid`, which names each faulty field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new DomainError("input.invalid", faults(parsed.error));
  return parsed.data;
}

/** Names each faulty field: "title: is needed". */
function faults(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message))
    .join("\n");
}

/** Parameters that a path does not have are never asked for: each contract's handler knows its own path. */
export function parseParams(raw: unknown): Params {
  const given = z.record(z.string(), z.string()).parse(raw ?? {});
  const parsed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const schema = Object.hasOwn(params, name) ? params[name as keyof Params] : undefined;
    const result = schema?.safeParse(value);
    if (!result?.success) throw new DomainError("not_found", "There is nothing here.");
    parsed[name] = result.data;
  }
  return parsed as unknown as Params;
}

async function readJson(ctx: Context): Promise<unknown> {
  const type = ctx.request.type;
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(ctx.get("content-length")) > BODY_BYTES) throw tooLarge();
  for await (const chunk of ctx.req) {
    if (!Buffer.isBuffer(chunk)) throw new DomainError("input.invalid", "The body cannot be read.");
    bytes += chunk.length;
    if (bytes > BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  // A form or text/plain needs no preflight, so another site's page could send one with our cookies.
  if (type !== "application/json") throw new DomainError("input.invalid", "The body must be application/json.");
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new DomainError("input.invalid", "The body is not JSON.", { cause });
  }
}

const tooLarge = (): DomainError => new DomainError("input.too_large", "The body is larger than 64 kB.");
