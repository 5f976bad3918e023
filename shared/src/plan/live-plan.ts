import { z } from "zod";
import type { Progress } from "./progress.ts";
import type { Template } from "./template.ts";

/** What of a template was asked and heard, as it is kept: what a person ticks stands over what was heard. */
export type PlanProgress = {
  /** By the question's place in the template; `by` is empty where it ticked itself. */
  readonly ticks: Readonly<Record<number, { readonly asked: boolean; readonly by: string }>>;
  /** For each competency, which of its key terms the candidate said. */
  readonly heard: readonly (readonly string[])[];
};

export const noProgress: PlanProgress = { ticks: {}, heard: [] };

/** A template during the talk, shared by everybody but the candidate. */
export const LivePlan = z.object({
  minutes: z.int(),
  questions: z.array(z.object({ text: z.string(), competency: z.string(), asked: z.boolean(), byName: z.string() })),
  competencies: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      good: z.string(),
      terms: z.int(),
      heard: z.array(z.string()),
    }),
  ),
});
export type LivePlan = z.infer<typeof LivePlan>;

export const livePlan = ({ minutes, questions, competencies }: Template, { ticks, heard }: PlanProgress): LivePlan => ({
  minutes,
  questions: questions.map(({ text, competency }, at) => ({
    text,
    competency,
    asked: ticks[at]?.asked ?? false,
    byName: ticks[at]?.by ?? "",
  })),
  competencies: competencies.map(({ name, description, good, keyTerms }, at) => ({
    name,
    description,
    good,
    terms: keyTerms.length,
    heard: [...(heard[at] ?? [])],
  })),
});

/** Whether anything was heard of a competency; of one without key terms, whether one of its questions was asked. */
export const isTouched = (
  { name, terms, heard }: { readonly name: string; readonly terms: number; readonly heard: readonly string[] },
  questions: readonly { readonly competency: string; readonly asked: boolean }[],
): boolean => heard.length > 0 || (terms === 0 && questions.some((each) => each.asked && each.competency === name));

/** Questions that count as asked. */
export const tickedOf = ({ ticks }: PlanProgress): ReadonlySet<number> =>
  new Set(Object.entries(ticks).flatMap(([at, { asked }]) => (asked ? [Number(at)] : [])));

/** What was heard now is added; what a person ticked or took back stays as they left it. */
export function addHeard(before: PlanProgress, { asked, heard }: Progress): PlanProgress {
  const fresh = asked.flatMap((segment, at) => (segment !== null && !before.ticks[at] ? [at] : []));
  const ticks = { ...before.ticks, ...Object.fromEntries(fresh.map((at) => [at, { asked: true, by: "" }])) };
  // Another part of the interview has a transcript of its own, and the same plan.
  return { ticks, heard: heard.map((terms, at) => [...new Set([...(before.heard[at] ?? []), ...terms])]) };
}
