import { findTerm, heardIn } from "./find-term.ts";
import { type Said, stem, wordsIn } from "./said.ts";
import type { Template } from "./template.ts";

/** How far a talk has come through its template, by what was heard. */
export type Progress = {
  /** For each question, the segment it was heard in, or null. */
  readonly asked: readonly (string | null)[];
  /** For each competency, which of its key terms the candidate said. */
  readonly heard: readonly (readonly string[])[];
};

/** A question counts as asked when this share of its own words was said in one turn. Recognition misses some. */
const HEARD_SHARE = 0.6;
/** Shorter words stand in every question. */
const OWN_LETTERS = 4;
const COMMON = new Set(
  "about after before been could does ever from have here into make more most much other some than that their them then there these they thing this those time tell very well were what when where which while with would your yours you".split(
    " ",
  ),
);

export function progressOf(template: Template, said: readonly Said[]): Progress {
  const turns = turnsOfInterviewers(said);
  const answered = said.filter(({ candidate }) => candidate).map(({ text }) => heardIn(text));
  return {
    asked: template.questions.map(({ text }) => {
      const own = ownWords(text);
      return turns.find(({ stems }) => own.length > 0 && share(own, stems) >= HEARD_SHARE)?.segmentId ?? null;
    }),
    heard: template.competencies.map(({ keyTerms }) =>
      keyTerms.filter((term) => answered.some((words) => findTerm(words, term))),
    ),
  };
}

/** What makes a question this one and no other. */
function ownWords(text: string): string[] {
  const words = wordsIn(text).map((word) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ""));
  const own = words.filter((word) => word.length >= OWN_LETTERS && !COMMON.has(word));
  return [...new Set((own.length >= 2 ? own : words).map(stem))];
}

const share = (own: readonly string[], heard: ReadonlySet<string>): number =>
  own.filter((word) => heard.has(word)).length / own.length;

/** Interviewers' segments up to the next of the candidate belong to one turn, named after its last one. */
function turnsOfInterviewers(said: readonly Said[]): { segmentId: string; stems: ReadonlySet<string> }[] {
  const turns: { segmentId: string; stems: Set<string> }[] = [];
  let open = false;
  for (const { candidate, segmentId, text } of said) {
    if (candidate) {
      open = false;
      continue;
    }
    const last = open ? turns.at(-1) : undefined;
    const turn = last ?? { segmentId, stems: new Set<string>() };
    if (!last) turns.push(turn);
    turn.segmentId = segmentId;
    for (const word of wordsIn(text)) turn.stems.add(stem(word));
    open = true;
  }
  return turns;
}
