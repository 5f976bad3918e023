import type { Template } from "@verbatim/shared/plan/template";

/**
 * A plan as it stands in the form: a question asks for a competency by its place, `NO_COMPETENCY` for none. A name is
 * half typed, empty or another's for a moment; the questions stay with their competency all the same.
 */
export type PlanValues = Omit<Template, "questions"> & {
  readonly questions: readonly { readonly text: string; readonly competency: number }[];
};

export const NO_COMPETENCY = -1;

export const planValues = (template: Template): PlanValues => ({
  ...template,
  questions: template.questions.map(({ text, competency }) => ({
    text,
    competency: template.competencies.findIndex(({ name }) => name === competency),
  })),
});

/** Questions that asked for it ask for none; the others stay with theirs. */
export const withoutCompetency = (plan: PlanValues, place: number): PlanValues => ({
  ...plan,
  competencies: plan.competencies.filter((_, at) => at !== place),
  questions: plan.questions.map(({ text, competency }) => ({
    text,
    competency: competency === place ? NO_COMPETENCY : competency > place ? competency - 1 : competency,
  })),
});

/** What the contract wants. Rows that were left empty are none; the plan lasts as long as the interview. */
export function templateOf({ name, competencies, questions }: PlanValues, minutes: number): Template {
  const empty = ({ name, description, good, keyTerms }: Template["competencies"][number]): boolean =>
    `${name}${description}${good}${keyTerms.join("")}`.trim() === "";
  return {
    name,
    minutes,
    competencies: competencies
      .filter((each) => !empty(each))
      .map((each) => ({ ...each, keyTerms: each.keyTerms.map((term) => term.trim()).filter((term) => term !== "") })),
    questions: questions
      .filter(({ text }) => text.trim() !== "")
      .map(({ text, competency }) => ({ text, competency: competencies[competency]?.name ?? "" })),
  };
}
