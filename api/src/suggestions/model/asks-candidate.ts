import { type Said, wordsIn } from "@verbatim/shared/plan/said";
import { bare } from "./find-quote.ts";
import { instructions } from "./prompt.ts";

const LEAST_CHARS = 8;
const MOST_CHARS = 300;
/** So many words in a row that were said already are an echo, and not a question about them. */
const ECHO_WORDS = 6;
/** A short text that is for this part somebody's words is one as well. */
const ECHO_SHARE = 0.5;

/** Greek ends a question with a semicolon, of which Unicode has two. */
const QUESTION = /[?？;\u037E؟][”"»“’')\]]?$/u;
/** An interview is held in one of 24 languages, which have these scripts. Others come without spaces to tell words by. */
const OTHER_SCRIPT = /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\P{L}]/u;
/** Links, addresses, markup, code and anything that cannot be seen. */
const NOT_SPEECH =
  /[\p{C}\n<>{}[\]\\`|*_~^=@]|:\/\/|\bwww\.|\b[\w-]+\.(?:com|org|info|biz|xyz|ru|cn|example|test|invalid)\b|\b[\w-]+\.\w{2,}\/|^\s*(?:#|-|>|\d+[.)])\s/iu;

/**
 * What no question to a candidate is about: marks, hiring, the people who read this, and the machine that wrote it. Word
 * beginnings, in the large languages of Europe. It also costs a rare good question, such as one about hiring.
 */
const NOT_FOR_CANDIDATE = [
  /\b(?:scor(?:e|es|ed|ing)|hir(?:e|es|ed|ing)|unhireable|ratings?|rubric|grade[sd]?|grading|top marks|full marks|shortlist|reject(?:ed)?|salary offer|job offer)\b/iu,
  /\b\d+\s*(?:\/|out of|von|sur|de|su|van|na|z)\s*(?:\d+|ten|zehn|dix|diez|dieci|tien)\b|\b\d+\s*(?:%|percent|points?|stars?|punkte|puntos|punti|punten)(?:\W|$)/iu,
  /\b(?:candidat|kandidat|kandydat|applicant|bewerber|interviewee)/iu,
  /\b(?:interviewers?|recruiters?|observers?|hiring manager|interviewern?|recruteur|reclutador|selezionatore|rekruter)\b/iu,
  /\b(?:system|hidden|secret|initial|original)\s*(?:prompt|message|instruction)|\b(?:your|the|this|my|above)\s+(?:\w+\s+)?prompts?\b|\bas an ai\b|\blanguage model\b|\bsprachmodell|\bmodèle de langage|\bmodelo de lenguaje|\bmodello linguistico/iu,
  /\b(?:ignor|disregard|forget|missachte|vergiss|oublie|olvida|dimentica|negeer|vergeet|zignoruj|zapomnij)\w*\W+(?:\w+\W+){0,4}(?:instruction|rule|prompt|above|previous|anweisung|regeln|consigne|règle|instruccion|regla|istruzion|regol|instructie|regel|instrukcj|polece)/iu,
  /\b(?:api.?key|password|passwort|mot de passe|contraseña|jailbreak|developer mode|dan mode)\b/iu,
  /\b(?:einstell(?:en|t)\b|eingestellt|embauch|contratar|contratad|assumere|assunt[oa]|aannemen|aangenomen|zatrudni|bewertung|bewerte|punktzahl|höchstnote|note maximale|puntuaci|punteggio|beoordeling|ocen[aęiy]\b|anstell)/iu,
];

/**
 * Whether a text is one question to the candidate and nothing else. A model that does what a candidate tells it writes
 * that down: so neither their words in a row nor ours pass, in whatever language.
 */
export function asksCandidate(text: string, said: readonly Said[]): boolean {
  if (text.length < LEAST_CHARS || text.length > MOST_CHARS) return false;
  if (!QUESTION.test(text) || NOT_SPEECH.test(text) || OTHER_SCRIPT.test(text)) return false;
  // Letters of another width or with a dot are the same words.
  const folded = text.normalize("NFKC");
  if (NOT_FOR_CANDIDATE.some((pattern) => pattern.test(folded))) return false;
  const words = bareWords(text);
  const most = Math.min(ECHO_WORDS, Math.max(3, Math.ceil(words.length * ECHO_SHARE)));
  const spoken = said.filter(({ candidate }) => candidate).map((one) => bareWords(one.text));
  const run = longestRun(words, [bareWords(instructions), ...spoken]);
  return run < most && run < words.length;
}

const bareWords = (text: string): string[] => wordsIn(text).map(bare).filter(Boolean);

/** Of the words, the most in a row that stand in a row in one of the others too. */
function longestRun(words: readonly string[], others: readonly (readonly string[])[]): number {
  let longest = 0;
  for (const other of others) {
    let before: number[] = [];
    for (const word of words) {
      const now = other.map((each, at) => (each === word ? (before[at - 1] ?? 0) + 1 : 0));
      for (const run of now) longest = Math.max(longest, run);
      before = now;
    }
  }
  return longest;
}
