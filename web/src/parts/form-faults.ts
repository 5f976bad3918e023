import type { z } from "zod";
import { codeOf } from "../api/failure.ts";

/** First fault of each field, as a sentence that names it; empty when the values are good. */
export function formFaults(
  schema: z.ZodType,
  values: unknown,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return {};
  const faults: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? "");
    faults[field] ??= `${labels[field] ?? field} ${lower(issue.message)}`;
  }
  return faults;
}

/** The server's own word on each field that the form has a name for; empty for any other refusal. */
export function toldFaults(thrown: unknown, labels: Readonly<Record<string, string>>): Record<string, string> {
  if (codeOf(thrown) !== "input.invalid") return {};
  const faults: Record<string, string> = {};
  // "title: is needed", a line each.
  for (const line of (thrown as Error).message.split("\n")) {
    const [field = "", ...said] = line.split(": ");
    if (Object.hasOwn(labels, field)) faults[field] ??= `${labels[field]} ${lower(said.join(": "))}`;
  }
  return faults;
}

/** Our own messages continue the field's name; a library's stand alone. */
const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);
