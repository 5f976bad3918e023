import type { Locator, Page } from "playwright-core";
import { poll } from "./poll.ts";

/** How an observer writes notes and comments on words: by the keyboard, in the page's own editor and tools. */

/** From one letter to the next; where the machine is busy it takes longer. */
const LETTER_MS = 200;
/** A page that is being connected again shows no notes for a moment. */
const OPEN_WITHIN_MS = 15_000;
const AT_HAND_MS = 10_000;

const notesOf = (page: Page): Locator => page.getByRole("textbox", { name: "Shared notes" });

export async function openNotes(page: Page): Promise<void> {
  const notes = notesOf(page);
  if (await notes.isVisible()) return;
  const button = page.getByRole("button", { name: "Notes", exact: true });
  if ((await button.getAttribute("aria-expanded", { timeout: OPEN_WITHIN_MS })) !== "true") await button.click();
  await notes.waitFor({ timeout: OPEN_WITHIN_MS });
}

/** A line of one's own behind the one that ends with this text, which is waited for; the first line where there is none yet. */
export async function beginLine(page: Page, behind: string): Promise<void> {
  await putCaret(page, behind);
  if (behind !== "") await page.keyboard.press("Enter");
}

/**
 * Puts the caret at the end of the line that ends with this text, or without a text before everything, and waits until it
 * stays there. Throws where there is no such line.
 */
export async function putCaret(page: Page, text: string): Promise<void> {
  const there = await poll(() => caretIsAt(notesOf(page), text), AT_HAND_MS, { everyMs: 150 });
  if (!there) throw new Error(text === "" ? "The notes cannot be written in." : `No line ends with ${text}.`);
}

/**
 * Whether it was there when we looked. If not it is put there, to be looked at again: an editor that gets the keyboard goes
 * back to where it was before, a moment later.
 */
const caretIsAt = (notes: Locator, text: string): Promise<boolean> =>
  notes.evaluate((box, end) => {
    /** Without the names at other people's carets, which stand among the letters. */
    const lettersOf = (content: DocumentFragment): string => {
      for (const caret of content.querySelectorAll("[data-caret]")) caret.remove();
      return content.textContent ?? "";
    };
    const whole = (each: Element): DocumentFragment => {
      const range = document.createRange();
      range.selectNodeContents(each);
      return range.cloneContents();
    };
    const lines = [...box.querySelectorAll("p")];
    const line = end === "" ? lines[0] : lines.find((each) => lettersOf(whole(each)).trimEnd().endsWith(end));
    const selection = getSelection();
    if (!line || !selection) return false;
    const { focusNode, focusOffset, isCollapsed } = selection;
    if (document.activeElement === box && isCollapsed && focusNode && line.contains(focusNode)) {
      const between = document.createRange();
      between.selectNodeContents(line);
      if (end === "") between.setEnd(focusNode, focusOffset);
      else between.setStart(focusNode, focusOffset);
      if (lettersOf(between.cloneContents()) === "") return true;
    }
    (box as HTMLElement).focus();
    selection.selectAllChildren(line);
    if (end === "") selection.collapseToStart();
    else selection.collapseToEnd();
    return false;
  }, text);

/** Letter by letter; each is told when it was pressed. */
export async function typeLetters(page: Page, text: string, pressed: (letter: string) => void): Promise<void> {
  for (const letter of text) {
    await page.keyboard.type(letter, { delay: LETTER_MS / 4 });
    pressed(letter);
    await page.waitForTimeout((LETTER_MS * 3) / 4);
  }
}

/** Comments on the first words of what was said last. False where nothing was said yet, or others' words took that place. */
export async function commentOnLastWords(page: Page, comment: string): Promise<boolean> {
  const words = page.locator("[data-segment-id]").last().locator("[data-word]");
  const count = await words.count();
  if (count === 0) return false;
  const tools = page.locator("[data-mark-toolbar]:not([hidden])");
  await words.first().focus({ timeout: AT_HAND_MS });
  if (count > 1) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  await tools.getByRole("button", { name: "Comment" }).click({ timeout: AT_HAND_MS });
  await tools.getByLabel("Your comment").pressSequentially(comment, { delay: LETTER_MS / 2, timeout: AT_HAND_MS * 2 });
  await page.keyboard.press("Enter");
  await tools.waitFor({ state: "detached", timeout: AT_HAND_MS });
  // To a word that was out of sight the transcript scrolled: back to what is being said.
  const now = page.getByRole("button", { name: "Now", exact: true });
  if (await now.isVisible()) await now.click({ timeout: AT_HAND_MS });
  return true;
}

/** After something that did not work out: no words are selected, and no form is open. */
export async function letGo(page: Page): Promise<void> {
  const tools = page.locator("[data-mark-toolbar]:not([hidden])");
  for (let n = 0; n < 2 && (await tools.count()) > 0; n++) {
    await tools.getByRole("button", { name: "Clear selection" }).click({ timeout: AT_HAND_MS });
  }
}
