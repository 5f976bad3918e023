/** One final segment of the talk, as the plan looks at it. In the order of speech. */
export type Said = {
  readonly segmentId: string;
  /** Whether the candidate said it; else an interviewer. */
  readonly candidate: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
};

/** What the candidate said between two turns of the interviewers. */
export type Answer = {
  readonly segments: readonly Said[];
  readonly words: number;
  readonly endMs: number;
};

/** "Mhm" and "right" of an interviewer do not end an answer. */
const TURN_WORDS = 3;

export const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** The talk as answers. The last one may still be going on. */
export function answersOf(said: readonly Said[]): Answer[] {
  const answers: Said[][] = [];
  let asked = true;
  for (const one of said) {
    if (!one.candidate) asked ||= wordsIn(one.text).length >= TURN_WORDS;
    else if (asked || answers.length === 0) {
      answers.push([one]);
      asked = false;
    } else answers.at(-1)?.push(one);
  }
  return answers.map((segments) => ({
    segments,
    words: segments.reduce((sum, { text }) => sum + wordsIn(text).length, 0),
    endMs: Math.max(...segments.map(({ endMs }) => endMs)),
  }));
}

/** A word without its ending, so that "tests", "tested" and "testing" are one. English; other languages keep their words. */
export function stem(word: string): string {
  const plain = word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  return plain.length > 4 ? plain.replace(/(?:ing|ed|s)$/, "").replace(/e$/, "") : plain;
}
