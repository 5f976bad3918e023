import type { z } from "zod";

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

/** Our own messages continue the field's name; a library's stand alone. */
const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);
