import { z } from "zod";
import type { Contract } from "@verbatim/shared/api/contract";

/** A description of our endpoints, made from the very contracts that serve them. */
export function openApi(contracts: readonly Contract[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, body, reply } of contracts) {
    const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    }));
    const json = (schema: z.ZodType, io: "input" | "output") => ({
      "application/json": { schema: z.toJSONSchema(schema, { io, unrepresentable: "any" }) },
    });
    const address = path.replace(/:(\w+)/g, "{$1}");
    paths[address] ??= {};
    paths[address][method.toLowerCase()] = {
      parameters,
      ...(method === "GET" ? {} : { requestBody: { content: json(body, "input") } }),
      responses: {
        200: { description: "Done", content: json(reply, "output") },
        default: { description: "A code, a sentence for people, and the request's id" },
      },
    };
  }
  return { openapi: "3.1.0", info: { title: "Verbatim", version: "1" }, paths };
}
