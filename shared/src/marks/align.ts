/** A word without case and punctuation, as two transcripts of the same sound agree on it. */
const bare = (word: string): string => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "") || word;

/**
 * The longest way in which words of `to` are words of `from` in the same order: for each word of `to` the index of its
 * counterpart, or -1. Takes `from` × `to` steps: for passages, not whole talks. `near` may rule pairs out.
 */
export function counterparts(
  from: readonly string[],
  to: readonly string[],
  near: (i: number, j: number) => boolean = () => true,
): number[] {
  const [a, b] = [from.map(bare), to.map(bare)];
  const same = (i: number, j: number): boolean => a[i] === b[j] && near(i, j);
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] = Math.max(same(i, j) ? at(i + 1, j + 1) + 1 : 0, at(i + 1, j), at(i, j + 1));
    }
  }
  const found: number[] = b.map(() => -1);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (same(i, j) && at(i, j) === at(i + 1, j + 1) + 1) found[j++] = i++;
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return found;
}

/** Which of `from`'s words each of `to`'s words stands for: its counterpart, or one of those between its neighbours'. */
export function standsFor(from: readonly string[], to: readonly string[]): number[] {
  const found = counterparts(from, to);
  const last = from.length - 1;
  for (let j = 0; j < to.length; ) {
    if (found[j] !== -1) {
      j++;
      continue;
    }
    let end = j;
    while (end < to.length && found[end] === -1) end++;
    const first = (found[j - 1] ?? -1) + 1;
    const room = Math.max(1, (found[end] ?? from.length) - first);
    for (let k = j; k < end; k++) found[k] = Math.min(last, first + Math.min(k - j, room - 1));
    j = end;
  }
  return found;
}
