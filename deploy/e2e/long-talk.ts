import { type Recogniser, type Speaker, WORD_MS } from "./recogniser.ts";

type Turn = readonly [Speaker, string];

/** A talk as it goes: long answers, short ones, and a word in between. */
const turns: readonly Turn[] = [
  [
    "interviewer",
    "Thank you for coming in today. Let us begin with your last project: what was it, and what was your part in it?",
  ],
  [
    "candidate",
    "Sure. I worked at a bank in Vienna for seven years, and the last project was moving the ledger, so every account and every booking since 1998, from a mainframe to PostgreSQL. I was responsible for the migration itself, there were five of us, and I wrote most of the part that compares the two systems.",
  ],
  ["interviewer", "How did you make sure that nothing was lost?"],
  ["candidate", "We ran both systems side by side for three weeks."],
  ["interviewer", "Mhm."],
  [
    "candidate",
    "Every booking went into the old one and into the new one, and every night a job compared the balances of all accounts, to the cent. Where they differed, we looked at it the next morning, all five of us, before anything else. In the first week there were about four hundred differences, most of them rounding, because the mainframe kept three digits and nobody had written that down anywhere. In the second week there were eleven. In the third week there were none, and then we switched, on a Sunday, between two and four in the morning.",
  ],
  ["interviewer", "What was the most difficult part of that work?"],
  [
    "candidate",
    "The most difficult part was that nobody knew which records were still in use. There were tables that had not been read for ten years, or so it seemed, and then at the end of the quarter a report read them. So we logged every read for a whole quarter before we dropped anything, which my manager did not like at first, because it cost us three months.",
  ],
  ["interviewer", "And how did you convince them?"],
  ["candidate", "I showed them one report that would have failed. That was enough."],
  ["interviewer", "If you had to do it again, what would you do differently?"],
  [
    "candidate",
    "I would ask earlier. We spent two months reading COBOL to find out what a field meant, and there was a woman in accounting, two floors down, who had known it for twenty years. Also, I would write the comparison first and the migration second; we did it the other way round, and so for a long time we had something that ran and no way to tell whether it was right.",
  ],
  ["interviewer", "Let us talk about incidents. Tell me about one that you caused yourself."],
  [
    "candidate",
    "Oh, yes. I dropped an index in production. I was connected to the wrong database, the prompt looked the same, and the payments of about nine minutes queued up before I understood what I saw. I rebuilt it concurrently, told everybody what I had done while it was running, and wrote it up that evening. Since then our production prompt is red, and one cannot drop anything there without a second person.",
  ],
  ["interviewer", "Who decided on that second person?"],
  [
    "candidate",
    "We did, as a team. I proposed it, because it was my mistake, and it seemed better than a rule from above.",
  ],
];

/** Talks for so many minutes, from second 2, and answers where it ended, ms. Every other time the words begin a little differently. */
export async function talk(recogniser: Recogniser, minutes: number): Promise<number> {
  let atMs = 2_000;
  for (let n = 0; atMs < minutes * 60_000; n++) {
    const [who, text] = turns[n % turns.length] as Turn;
    await recogniser.said(who, atMs, text);
    atMs += text.split(" ").length * WORD_MS + (who === "candidate" ? 1_400 : 700);
  }
  return atMs;
}
