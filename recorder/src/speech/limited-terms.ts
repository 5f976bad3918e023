/**
 * The first terms that together stay within an engine's limits; one that is too long by itself is left out. No
 * tokenizer makes more tokens than a text has bytes, so a limit in tokens is kept by as many bytes.
 */
export function limitedTerms(
  terms: readonly string[],
  limit: { readonly terms: number; readonly bytes: number },
): string[] {
  const taken: string[] = [];
  let bytes = 0;
  for (const term of terms) {
    const more = Buffer.byteLength(term);
    if (taken.length === limit.terms || bytes + more > limit.bytes) continue;
    bytes += more;
    taken.push(term);
  }
  return taken;
}
