import { z } from "zod";
import { Text } from "../text.ts";

/** Most letters of a competency's name, wherever it stands. */
export const MOST_NAME = 80;

/** Something a talk is to find out about a person. */
export const Competency = z.strictObject({
  name: Text.min(1, "is needed").max(MOST_NAME),
  description: Text.max(500),
  /** Words that come up when it is talked about; speech recognition listens for them too. */
  keyTerms: z.array(Text.min(1, "is needed").max(60)).max(20),
  /** What good looks like. */
  good: Text.max(500),
});
export type Competency = z.infer<typeof Competency>;

export const PlannedQuestion = z.strictObject({
  text: Text.min(1, "is needed").max(300),
  /** The name of the competency it asks for, or empty. */
  competency: Text.max(MOST_NAME),
});
export type PlannedQuestion = z.infer<typeof PlannedQuestion>;

/** A plan for a talk. An interview keeps a copy of its own, which nothing changes once the talk has begun. */
export const Template = z
  .strictObject({
    name: Text.min(1, "is needed").max(120),
    minutes: z.int().min(5, "must be at least 5 minutes").max(480, "must be at most 8 hours"),
    questions: z.array(PlannedQuestion).max(40, "must have at most 40 questions"),
    competencies: z.array(Competency).max(12, "must have at most 12 competencies"),
  })
  .superRefine(({ questions, competencies }, context) => {
    const names = new Set<string>();
    for (const [at, { name }] of competencies.entries()) {
      if (names.has(name)) {
        context.addIssue({ code: "custom", path: ["competencies", at, "name"], message: "names a competency twice" });
      }
      names.add(name);
    }
    for (const [at, { competency }] of questions.entries()) {
      if (competency === "" || names.has(competency)) continue;
      context.addIssue({
        code: "custom",
        path: ["questions", at, "competency"],
        message: "must be the name of a competency of this template, or empty",
      });
    }
  });
export type Template = z.infer<typeof Template>;
