import { z } from "zod";
import type { Template } from "./template.ts";

const MAX_TERMS = 100;
const MAX_LENGTH = 80;

/** Words that speech recognition is told to listen for, the most wanted first. */
export const KeyTerms = z.array(z.string().min(1).max(MAX_LENGTH)).max(MAX_TERMS);

/**
 * What is worth listening for in a talk: the people's names, then the plan's key terms, one of each competency in turn,
 * so that a long list of one costs the others nothing where an engine takes only some. Each once, whatever its case.
 */
export function keyTermsOf(
  names: readonly string[],
  template: Pick<Template, "competencies"> | null,
): z.infer<typeof KeyTerms> {
  const lists = template?.competencies.map(({ keyTerms }) => keyTerms) ?? [];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
  const terms = new Map<string, string>();
  for (const text of [...names, ...inTurn]) {
    const term = text.replaceAll(/\s+/g, " ").trim();
    const key = term.toLowerCase();
    if (term !== "" && term.length <= MAX_LENGTH && !terms.has(key)) terms.set(key, term);
  }
  return [...terms.values()].slice(0, MAX_TERMS);
}
