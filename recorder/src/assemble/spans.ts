import type { Span } from "@verbatim/shared/recording/control";

/** Sorted, non-empty, not touching: the one form every function here takes and gives. */
export function normal(spans: Iterable<Span>): Span[] {
  const out: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].filter((span) => span.to > span.from).toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  return out;
}

/** What lies in both. */
export function both(a: readonly Span[], b: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    if (!x || !y) break;
    const [from, to] = [Math.max(x.from, y.from), Math.min(x.to, y.to)];
    if (to > from) out.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
  return out;
}

/** What lies in the first and not in the second. */
export function without(a: readonly Span[], b: readonly Span[]): Span[] {
  const out: Span[] = [];
  let j = 0;
  for (const { from, to } of a) {
    let at = from;
    while (j > 0 && (b[j - 1]?.to ?? 0) > from) j--;
    for (; j < b.length; j++) {
      const hole = b[j];
      if (!hole || hole.from >= to) break;
      if (hole.from > at) out.push({ from: at, to: hole.from });
      at = Math.max(at, hole.to);
    }
    if (at < to) out.push({ from: at, to });
  }
  return out;
}

export const total = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** The part of a list that lies in one span. */
export const clip = (spans: readonly Span[], within: Span): Span[] => both(spans, [within]);
