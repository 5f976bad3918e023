import { findTerm, heardIn } from "./find-term.ts";
import { isTouched } from "./live-plan.ts";
import { progressOf } from "./progress.ts";
import { type Answer, answersOf, type Said, wordsIn } from "./said.ts";
import type { Quote, SuggestionDraft } from "./suggestion.ts";
import type { Template } from "./template.ts";

/** An answer with less than this share of the usual words is short. */
const SHORT = 0.4;
/** So many answers make a usual length. */
const USUAL_OF = 3;
/** Words on each side of the one that is quoted. */
const AROUND = 4;

/**
 * Follow-up questions without any model: from the template, from what was heard of it, and from how long answers are.
 * `ticked` are the questions that count as asked. The same talk gives the same suggestions, all that there are, the best
 * first: what somebody has dismissed leaves its place to the next.
 */
export function suggestByRules(
  template: Template,
  said: readonly Said[],
  ticked: ReadonlySet<number>,
): SuggestionDraft[] {
  const answers = answersOf(said);
  const last = answers.at(-1);
  const [term, ...otherTerms] = last ? keyTerms(template, last) : [];
  const drafts = [last && shortAnswer(answers, last), term, ...unheard(template, said, ticked), ...otherTerms];
  return drafts.filter((draft) => draft !== undefined);
}

function shortAnswer(answers: readonly Answer[], last: Answer): SuggestionDraft | undefined {
  const before = answers.slice(0, -1).map(({ words }) => words);
  if (before.length < USUAL_OF) return undefined;
  const usual = before.toSorted((a, b) => a - b)[Math.floor(before.length / 2)] ?? 0;
  if (last.words >= usual * SHORT) return undefined;
  const end = last.segments.at(-1);
  const quote = end ? quoteOf(end, wordsIn(end.text).length - 1) : null;
  return { text: "That answer was much shorter than the others. Can you give an example?", competency: "", quote };
}

/** The key terms of the answer, its last words' first: what was touched and can be asked further. */
function keyTerms(template: Template, last: Answer): SuggestionDraft[] {
  const drafts = new Map<string, SuggestionDraft>();
  for (const segment of last.segments.toReversed()) {
    const words = heardIn(segment.text);
    for (const { name, keyTerms: terms } of template.competencies) {
      for (const term of terms) {
        const found = findTerm(words, term);
        if (!found || drafts.has(term)) continue;
        const text = `You mentioned “${term}”. What was your own part in it, and what came of it?`;
        drafts.set(term, { text, competency: name, quote: quoteOf(segment, found.from) });
      }
    }
  }
  return [...drafts.values()];
}

/** Competencies nothing was heard of come first, by their own planned question where one is left; then what is planned. */
function unheard(template: Template, said: readonly Said[], ticked: ReadonlySet<number>): SuggestionDraft[] {
  const { heard } = progressOf(template, said);
  const left = template.questions.filter((_, at) => !ticked.has(at));
  const questions = template.questions.map(({ competency }, at) => ({ competency, asked: ticked.has(at) }));
  const missing = template.competencies.filter(
    ({ name, keyTerms }, at) => !isTouched({ name, terms: keyTerms.length, heard: heard[at] ?? [] }, questions),
  );
  const asked = missing.map(({ name, description }): SuggestionDraft => {
    const planned = left.find(({ competency }) => competency === name);
    const text = planned?.text ?? `Nothing was heard of “${name}” yet. ${description}`.trim();
    return { text, competency: name, quote: null };
  });
  const rest = left.map(({ text, competency }): SuggestionDraft => ({ text, competency, quote: null }));
  const seen = new Set<string>();
  return [...asked, ...rest].filter(({ text }) => !seen.has(text) && seen.add(text));
}

function quoteOf(segment: Said, at: number): Quote {
  const words = wordsIn(segment.text);
  const from = Math.max(0, at - AROUND);
  const to = Math.min(words.length, at + AROUND + 1);
  return { segmentId: segment.segmentId, from, to, text: words.slice(from, to).join(" ") };
}
