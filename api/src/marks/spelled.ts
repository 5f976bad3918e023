import type { markFormats } from "@verbatim/shared/api/marks";
import { unreachable } from "@verbatim/shared/assert";
import { listAnnotations, type MarkedPassage, type MarkFilter, passes, unplaced } from "@verbatim/shared/marks/listed";
import type { Annotation, Marks } from "@verbatim/shared/marks/marks";
import { timestamp } from "../review/transcript-text.ts";
import type { Speakers } from "./passages.ts";

export type ToExport = {
  readonly title: string;
  readonly marks: Marks;
  readonly passages: readonly MarkedPassage[];
  readonly speakers: Speakers;
};

/** Every annotation that passes the filter and was not removed, as people take them along. What has no place, and corrections, are the whole interview's, as they are on the page. */
export function spellMarks(format: (typeof markFormats)[number], of: ToExport, filter: MarkFilter): string {
  const rows = rowsOf(of, filter);
  switch (format) {
    case "md":
      return asMarkdown(of.title, rows);
    case "csv":
      return asCsv(rows);
    case "json":
      return JSON.stringify({ title: of.title, annotations: rows, corrections: correctionsOf(of) }, null, 2);
    default:
      return unreachable(format);
  }
}

type Row = ReturnType<typeof rowsOf>[number];

function rowsOf({ marks, passages, speakers }: ToExport, filter: MarkFilter) {
  const listed = listAnnotations(marks, new Map(passages.map((passage) => [passage.id, passage])));
  const of = ({ by, tags, evidence, comments, reactions, resolved, lost }: Annotation) => ({
    by: by.name,
    madeAt: iso(by.atMs),
    tags,
    evidence: evidence.map(({ competency, level, by: { name } }) => ({ competency, level, by: name })),
    comments: comments
      .filter(({ removed }) => !removed)
      .map(({ text, by: { name, atMs } }) => ({ by: name, at: iso(atMs), text })),
    reactions: reactions.map(({ emoji, by: { name } }) => ({ emoji, by: name })),
    resolvedBy: resolved?.name ?? "",
    /** Words that a newer transcript has no place for. */
    notPlaced: lost,
  });
  const placed = listed
    .filter((each) => !each.annotation.removed && passes(each, filter))
    .map(({ annotation, part, startMs, endMs, seatIds, quote, original }) => ({
      part,
      start: timestamp(startMs),
      end: timestamp(endMs),
      speaker: seatIds.map((seat) => speakers.get(seat)?.name ?? "").join(", "),
      words: quote,
      original,
      ...of(annotation),
    }));
  const known = new Set(listed.map(({ annotation }) => annotation.id));
  const nowhere = unplaced(marks)
    .filter(({ id }) => !known.has(id))
    .map((each) => ({ part: 0, start: "", end: "", speaker: "", words: "", original: "", ...of(each) }));
  return [...placed, ...nowhere];
}

const iso = (ms: number): string => new Date(ms).toISOString();

function correctionsOf({ marks, passages, speakers }: ToExport) {
  return [...marks.corrections.values()].map(({ span, change, by, undone, lost }) => {
    const passage = passages.find(({ id }) => id === span?.segmentId);
    const words = passage?.words.slice(span?.from, span?.to).map(({ text }) => text) ?? [];
    const before = "text" in change ? words.join(" ") : (speakers.get(passage?.seatId ?? "")?.name ?? "");
    return {
      part: passage?.part ?? 0,
      start: passage ? timestamp(passage.words[span?.from ?? 0]?.startMs ?? 0) : "",
      what: "text" in change ? "words" : "speaker",
      before: span ? before : lost,
      after: "text" in change ? change.text : (speakers.get(change.seatId)?.name ?? ""),
      by: by.name,
      at: iso(by.atMs),
      undoneBy: undone?.name ?? "",
    };
  });
}

/** What people wrote must not become headings, links or pictures. */
const plain = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>#|~!]/g, String.raw`\$&`);

function asMarkdown(title: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const part = row.part > 1 ? `Part ${row.part}, ` : "";
    const where = row.start === "" ? "Not placed" : `${part}${row.start.slice(0, 8)} ${plain(row.speaker)}`;
    const words = row.words === "" ? row.notPlaced.join(" … ") : row.words;
    const facts = [
      ...row.tags,
      ...row.evidence.map(({ competency, level }) => `${competency} ${level}/5`),
      ...row.reactions.map(({ emoji, by }) => `${emoji} ${by}`),
      ...(row.resolvedBy === "" ? [] : [`resolved by ${row.resolvedBy}`]),
    ];
    const head = `- **${where}**: “${plain(words)}” (${[row.by, ...facts].map(plain).join("; ")})`;
    return [head, ...row.comments.map(({ by, text }) => `  - ${plain(by)}: ${plain(text)}`)].join("\n");
  });
  return `# ${plain(title)}\n\n${lines.join("\n")}\n`;
}

/** A spreadsheet takes a field that begins so for a formula, and runs it. */
const FORMULA = /^[\s]*[=+\-@\t\r]/;
const field = (text: string): string => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

function asCsv(rows: readonly Row[]): string {
  const columns: Readonly<Record<string, (row: Row) => string>> = {
    part: ({ part }) => (part === 0 ? "" : String(part)),
    start: ({ start }) => start,
    end: ({ end }) => end,
    speaker: ({ speaker }) => speaker,
    words: ({ words }) => words,
    original: ({ original }) => original,
    by: ({ by }) => by,
    made: ({ madeAt }) => madeAt,
    tags: ({ tags }) => tags.join("; "),
    evidence: ({ evidence }) => evidence.map(({ competency, level }) => `${competency} ${level}/5`).join("; "),
    comments: ({ comments }) => comments.map(({ by, text }) => `${by}: ${text}`).join("\n"),
    reactions: ({ reactions }) => reactions.map(({ emoji, by }) => `${emoji} ${by}`).join("; "),
    resolved: ({ resolvedBy }) => resolvedBy,
    "not placed": ({ notPlaced }) => notPlaced.join(" … "),
  };
  const lines = [
    Object.keys(columns).map(field),
    ...rows.map((row) => Object.values(columns).map((of) => field(of(row)))),
  ];
  // Spreadsheets take a file without this mark for one in another encoding.
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}
