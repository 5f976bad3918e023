/** A passage of the transcript, as far as one looks for words in it. */
export type Passage = { readonly id: string; readonly words: readonly { readonly text: string }[] };

/** Words [from, to) of one passage: a segment of the transcript. */
export type Found = { readonly segmentId: string; readonly from: number; readonly to: number };

/**
 * Every place where a text stands, in the order of the passages: within words or across them, whatever its case, accents
 * and the sentence's punctuation. Places of one passage do not overlap. A blank text stands nowhere.
 */
export function findWords(passages: readonly Passage[], text: string): Found[] {
  const wanted = plainText(text.split(/\s+/));
  if (wanted === "") return [];
  return passages.flatMap((passage) => {
    const { plain, wordAt } = plainPassage(passage.words);
    const found: Found[] = [];
    for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
      const from = wordAt(at);
      if (from >= (found.at(-1)?.to ?? 0))
        found.push({ segmentId: passage.id, from, to: wordAt(at + wanted.length - 1) + 1 });
    }
    return found;
  });
}

export const sameFound = (a: Found | undefined, b: Found | undefined): boolean =>
  a !== undefined && b !== undefined && a.segmentId === b.segmentId && a.from === b.from && a.to === b.to;

type Plain = { readonly plain: string; readonly wordAt: (offset: number) => number };

/** Passages keep their words' identity until they change: each is made plain once, however many letters one types. */
const known = new WeakMap<readonly unknown[], Plain>();

function plainPassage(words: Passage["words"]): Plain {
  const before = known.get(words);
  if (before) return before;
  const starts: number[] = [];
  let plain = "";
  for (const { text } of words) {
    starts.push(plain.length);
    const word = plainWord(text);
    plain += word === "" ? "" : `${word} `;
  }
  const made = { plain, wordAt: (offset: number) => starts.findLastIndex((start) => start <= offset) };
  known.set(words, made);
  return made;
}

const plainText = (words: readonly string[]): string =>
  words
    .map(plainWord)
    .filter((word) => word !== "")
    .join(" ");

/** "C++" and "C#" stay what they are. */
const plainWord = (word: string): string =>
  word
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "")
    .toLowerCase()
    .replaceAll(/^[\p{P}]+|[.,;:!?…"'’”“»)\]}]+$/gu, "");
