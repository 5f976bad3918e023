import { observersOf, type Cast, type Member } from "./cast.ts";
import { type Typed, wordOf } from "./kept.ts";
import { sleep } from "./poll.ts";
import { beginLine, commentOnLastWords, letGo, openNotes, putCaret, typeLetters } from "./write.ts";

/** A comment after so many words; at this pace one in about ten seconds. */
const WORDS_A_COMMENT = 4;
/** A line is found by its last letters: two words and more, of which nobody else has any. */
const KNOWN_BY = 24;
const MOST_BEGINS = 3;
/** Whoever cannot type now tries again after this: the page is being connected, or its browser is busy. */
const AGAIN_MS = 1_000;

/** What one person has done so far. */
type Writing = {
  readonly member: Member;
  readonly number: number;
  readonly comments: string[];
  text: string;
  words: number;
  /** Comments that were begun. */
  tried: number;
};

/**
 * Every observer types into the shared notes and comments on words until `endMs`, each in a line of their own, a few letters
 * a second, whatever breaks meanwhile. Answers what was typed and made when all have stopped.
 */
export async function typeAlong(options: {
  readonly cast: Cast;
  readonly endMs: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Typed[]> {
  const { endMs, say, signal } = options;
  const all = observersOf(options.cast).map(
    (member, index): Writing => ({ member, number: index + 1, comments: [], text: "", words: 0, tried: 0 }),
  );
  await begin(all, endMs, (each, work) => tryOnce(each, work, say, signal));
  await Promise.all(
    all.map(async (each) => {
      while (each.text !== "" && Date.now() < endMs && !each.member.person.gone) {
        const done = await tryOnce(each, () => goOn(each), say, signal);
        if (!done) await sleep(AGAIN_MS, signal);
      }
    }),
  );
  return all.map(({ member, text, comments }) => ({ name: member.person.name, text, comments }));
}

/**
 * One after the other, and before anybody goes on: who begins a line while another writes at the end of the one before may
 * find their caret in it. Who cannot begin now does not write.
 */
async function begin(
  all: readonly Writing[],
  endMs: number,
  attempt: (each: Writing, work: () => Promise<void>) => Promise<boolean>,
): Promise<void> {
  await Promise.all(all.map((each) => attempt(each, () => openNotes(each.member.person.page))));
  let before = "";
  for (const each of all) {
    for (let tries = 0; tries < MOST_BEGINS && each.words === 0 && Date.now() < endMs; tries++) {
      await attempt(each, () => nextWord(each, before));
    }
    if (each.text !== "") before = each.text.trim();
  }
}

/** One thing at a time, and between two of them somebody else may use the page. False when it did not work out. */
async function tryOnce(
  { member: { person, turn } }: Writing,
  work: () => Promise<void>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  signal.throwIfAborted();
  try {
    await turn(work);
    return true;
  } catch (thrown) {
    signal.throwIfAborted();
    if (person.gone) return false;
    say(`${person.name} could not type: ${thrown instanceof Error ? thrown.message.split("\n")[0] : String(thrown)}`);
    await letGo(person.page).catch(() => undefined); // Nothing to let go of can be reached: the next try begins anew.
    return false;
  }
}

/** A comment, where one is due, or a word. */
async function goOn(each: Writing): Promise<void> {
  const { page, name } = each.member.person;
  if (Math.floor(each.words / WORDS_A_COMMENT) <= each.tried) return await nextWord(each);
  each.tried++;
  const comment = `${name}, ${each.tried}`;
  if (await commentOnLastWords(page, comment)) each.comments.push(comment);
}

/** Types on where the last try ended, in the middle of a word too. */
async function nextWord(each: Writing, behind = ""): Promise<void> {
  const { page } = each.member.person;
  const word = wordOf(each.number, each.words);
  const begun = each.text.slice(each.text.lastIndexOf(" ") + 1);
  await openNotes(page);
  if (each.text === "") await beginLine(page, behind);
  else await putCaret(page, each.text.trim().slice(-KNOWN_BY));
  await typeLetters(page, word.slice(begun.length), (letter) => void (each.text += letter));
  each.words++;
}
