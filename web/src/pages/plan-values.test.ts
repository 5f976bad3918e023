import { expect, it } from "vitest";
import { planValues, templateOf, withoutCompetency } from "./plan-values.ts";

const competency = (name: string) => ({ name, description: "", keyTerms: [], good: "" });
const template = {
  name: "Backend engineer",
  minutes: 45,
  competencies: [competency("Systems"), competency("Team"), competency("Code")],
  questions: [
    { text: "What did you build?", competency: "Systems" },
    { text: "Who helped?", competency: "Team" },
    { text: "Why did you leave?", competency: "" },
  ],
};

it("a plan that is opened and saved untouched is the same", () => {
  expect(templateOf(planValues(template), 45)).toEqual(template);
});

it("a competency keeps its questions while its name is emptied, another's for a moment, and new", () => {
  let plan = planValues(template);
  for (const name of ["", "T", "Team", "Teams and systems"]) {
    plan = { ...plan, competencies: plan.competencies.with(0, competency(name)) };
  }
  expect(templateOf(plan, 45).questions.map(({ competency: of }) => of)).toEqual(["Teams and systems", "Team", ""]);
});

it("a competency that is removed, or was left empty, leaves its questions and those of the others", () => {
  const removed = templateOf(withoutCompetency(planValues(template), 0), 45);
  expect(removed.competencies.map(({ name }) => name)).toEqual(["Team", "Code"]);
  expect(removed.questions.map(({ competency: of }) => of)).toEqual(["", "Team", ""]);
  const emptied = { ...planValues(template), competencies: template.competencies.with(0, competency("")) };
  expect(templateOf(emptied, 45)).toEqual(removed);
});
