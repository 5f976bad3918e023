/** A word's place on the recording's clock, ms; kept to 10 ms. */
export type WordTime = { readonly startMs: number; readonly endMs: number };

/**
 * Packs word times as varint centiseconds: per word, start minus the end before (zigzag, words may
 * overlap) and length. About 2 bytes a word instead of 2 JSON numbers; see the measurements in bench.
 */
export function packWordTimes(words: readonly WordTime[]): Uint8Array {
  const bytes: number[] = [];
  let last = 0;
  for (const { startMs, endMs } of words) {
    const start = Math.round(startMs / 10);
    const end = Math.max(start, Math.round(endMs / 10));
    pushVarint(bytes, zigzag(start - last));
    pushVarint(bytes, end - start);
    last = end;
  }
  return Uint8Array.from(bytes);
}

/** The inverse; a damaged tail yields the words before it. */
export function unpackWordTimes(packed: Uint8Array): WordTime[] {
  const words: WordTime[] = [];
  let last = 0;
  let at = 0;
  while (at < packed.length) {
    const gap = readVarint(packed, at);
    if (!gap) break;
    const length = readVarint(packed, gap.next);
    if (!length) break;
    const start = last + unzigzag(gap.value);
    last = start + length.value;
    words.push({ startMs: start * 10, endMs: last * 10 });
    at = length.next;
  }
  return words;
}

const zigzag = (n: number): number => (n < 0 ? -2 * n - 1 : 2 * n);
const unzigzag = (n: number): number => (n % 2 === 1 ? -(n + 1) / 2 : n / 2);

// Plain arithmetic, not bit shifts: a position of more than 248 days would overflow 31 bits.
function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let at = from; at < bytes.length && at < from + 8; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, next: at + 1 };
    scale *= 128;
  }
  return undefined;
}
