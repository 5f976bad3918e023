import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commentsIn, type Kept, keptOf, totalOf, type Typed } from "./kept.ts";
import { poll } from "./poll.ts";
import type { Held } from "./recording.ts";
import type { Report } from "./report.ts";
import { readStored, type Stored } from "./stored.ts";

/** What was typed without a network is sent when there is one again. */
const SENT_WITHIN_MS = 60_000;

type KeptFigures = Pick<Report["live"], "notesBytes" | "typed" | "annotations">;

/**
 * Reads from the database what is kept of what was typed, when all of it is there or time is up, and writes `typed.json`,
 * which names every word and comment that is not, beside the notes as they are stored. Of a Verbatim that runs elsewhere nothing is read.
 */
export async function tellKept(of: {
  readonly held: Held;
  readonly typed: readonly Typed[];
  readonly out: string;
  readonly say: (line: string) => void;
}): Promise<KeptFigures> {
  const { held, typed } = of;
  const { stack } = held.target;
  if (!stack) return noneKept(typed);
  const read = (): Promise<Stored> => readStored(stack.urls.database, held.interviewId);
  const compare = ({ notes, changes }: Stored): Kept[] => typed.map((each) => keptOf(each, notes, commentsIn(changes)));
  await poll(async () => isWhole(totalOf(compare(await read()))), SENT_WITHIN_MS, {
    everyMs: 250,
    signal: held.signal,
  });
  const stored = await read();
  const all = compare(stored);
  const total = totalOf(all);
  if (typed.length > 0) {
    await writeFile(join(of.out, "typed.json"), `${JSON.stringify(all, null, 2)}\n`);
    await writeFile(join(of.out, "notes.txt"), `${stored.notes}\n`);
    of.say(
      `Stored of what was typed: ${total.typed.kept} of ${total.typed.sent} letters, ${total.annotations.kept} of ${total.annotations.made} annotations`,
    );
  }
  return { notesBytes: stored.notesBytes, ...total };
}

/** Where the database could not be read: nothing is called kept. */
export const noneKept = (typed: readonly Typed[]): KeptFigures => ({
  notesBytes: 0,
  ...totalOf(typed.map((each) => keptOf(each, "", []))),
});

const isWhole = ({ typed, annotations }: ReturnType<typeof totalOf>): boolean =>
  typed.kept === typed.sent && annotations.kept === annotations.made;
