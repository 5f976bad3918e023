import { unreachable } from "../assert.ts";
import type { Change, Emoji, Span } from "./act.ts";

/** Who did it, and when. */
export type By = { readonly author: string; readonly name: string; readonly atMs: number; readonly seq: number };

export type Comment = { readonly id: string; readonly by: By; readonly text: string; readonly removed: By | null };

export type Annotation = {
  readonly id: string;
  readonly by: By;
  readonly spans: readonly Span[];
  /** Old words that a newer transcript has no place for. */
  readonly lost: readonly string[];
  readonly tags: readonly string[];
  readonly evidence: readonly { readonly competency: string; readonly level: number; readonly by: By }[];
  readonly comments: readonly Comment[];
  readonly reactions: readonly { readonly emoji: Emoji; readonly by: By }[];
  readonly resolved: By | null;
  readonly removed: By | null;
};

export type Correction = {
  readonly id: string;
  readonly by: By;
  /** Of a speaker's correction only the segment counts. Null: the newer transcript has no place for it. */
  readonly span: Span | null;
  readonly change: { readonly text: string } | { readonly seatId: string };
  readonly lost: string;
  readonly undone: By | null;
};

export type Marks = {
  readonly annotations: ReadonlyMap<string, Annotation>;
  /** In the order in which the server took them: where two overlap, the later one stands. */
  readonly corrections: ReadonlyMap<string, Correction>;
};

export const noMarks: Marks = { annotations: new Map(), corrections: new Map() };

/**
 * What acts come to. They count in the server's order, however they arrived, and each once: whoever has the same acts
 * sees the same. Acts about what is not there change nothing.
 */
export function marksOf(changes: readonly Change[]): Marks {
  const annotations = new Map<string, Annotation>();
  const corrections = new Map<string, Correction>();
  const once = new Map(changes.map((change) => [change.id, change]));
  for (const change of [...once.values()].toSorted((a, b) => a.seq - b.seq)) {
    const { act, author, name, atMs, seq } = change;
    const by: By = { author, name, atMs, seq };
    const annotation = (id: string, next: (before: Annotation) => Partial<Annotation>): void => {
      const before = annotations.get(id);
      if (before) annotations.set(id, { ...before, ...next(before) });
    };
    const correction = (id: string, next: Partial<Correction>): void => {
      const before = corrections.get(id);
      if (before) corrections.set(id, { ...before, ...next });
    };
    switch (act.do) {
      case "annotate":
        if (annotations.has(act.annotation)) break;
        annotations.set(act.annotation, {
          id: act.annotation,
          by,
          spans: act.spans,
          lost: [],
          tags: [...new Set(act.tags)],
          evidence: act.evidence.map((each) => ({ ...each, by })),
          comments: [],
          reactions: [],
          resolved: null,
          removed: null,
        });
        break;
      case "tag":
        annotation(act.annotation, ({ tags, removed }) => ({
          tags: [...tags.filter((tag) => tag !== act.tag), ...(act.on ? [act.tag] : [])],
          removed: act.on ? null : removed,
        }));
        break;
      case "evidence":
        annotation(act.annotation, ({ evidence, removed }) => {
          const others = evidence.filter(({ competency }) => competency !== act.competency);
          const { competency, level } = act;
          return level === null
            ? { evidence: others }
            : { evidence: [...others, { competency, level, by }], removed: removed && null };
        });
        break;
      case "comment":
        // Whoever writes to a thread did not see it go: it comes back with what they wrote.
        annotation(act.annotation, ({ comments }) =>
          comments.some(({ id }) => id === act.comment)
            ? {}
            : { comments: [...comments, { id: act.comment, by, text: act.text, removed: null }], removed: null },
        );
        break;
      case "react":
        annotation(act.annotation, ({ reactions }) => {
          const others = reactions.filter((each) => each.emoji !== act.emoji || each.by.author !== author);
          return { reactions: act.on ? [...others, { emoji: act.emoji, by }] : others };
        });
        break;
      case "resolve":
        annotation(act.annotation, () => ({ resolved: act.resolved ? by : null }));
        break;
      case "remove":
        remove(annotations, act, by);
        break;
      case "correct":
      case "speaker": {
        if (corrections.has(act.correction)) break;
        const span = act.do === "correct" ? act.span : { segmentId: act.segmentId, from: 0, to: 1 };
        const what = act.do === "correct" ? { text: act.text } : { seatId: act.seatId };
        corrections.set(act.correction, { id: act.correction, by, span, change: what, lost: "", undone: null });
        break;
      }
      case "undo":
        correction(act.correction, { undone: act.undone ? by : null });
        break;
      case "move":
        annotation(act.annotation, ({ lost }) => ({ spans: act.spans, lost: [...lost, ...act.lost] }));
        break;
      case "move-correction":
        correction(act.correction, { span: act.span, lost: act.lost });
        break;
      case "replaced":
        break;
      default:
        unreachable(act);
    }
  }
  return { annotations, corrections };
}

function remove(
  annotations: Map<string, Annotation>,
  { target, removed, seen }: { readonly target: string; readonly removed: boolean; readonly seen: number },
  by: By,
): void {
  const whole = annotations.get(target);
  if (whole) {
    const unseen = whole.comments.some((each) => each.by.author !== by.author && each.by.seq > seen && !each.removed);
    if (!removed || !unseen) annotations.set(target, { ...whole, removed: removed ? by : null });
    return;
  }
  for (const [id, each] of annotations) {
    if (!each.comments.some((comment) => comment.id === target)) continue;
    const comments = each.comments.map((comment) =>
      comment.id === target ? { ...comment, removed: removed ? by : null } : comment,
    );
    annotations.set(id, { ...each, comments });
  }
}
