/** A stretch of a stream's clock. */
export type Seconds = { readonly fromS: number; readonly toS: number };

/**
 * Where words lie that follow one another over these spans, each by its share of the letters: in order, and none
 * begins or ends between two spans.
 */
export function spreadOver(texts: readonly string[], spans: readonly Seconds[]): Seconds[] {
  const total = spans.reduce((sum, span) => sum + span.toS - span.fromS, 0);
  // One for the space, which is spoken too.
  const weights = texts.map((text) => text.length + 1);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let said = 0;
  return weights.map((weight) => {
    const fromS = placeOf(spans, (said / whole) * total, "start");
    said += weight;
    const toS = placeOf(spans, (said / whole) * total, "end");
    return { fromS, toS: Math.max(fromS, toS) };
  });
}

/** The moment at which so many seconds of the spans have passed. At an edge a word begins behind the pause and ends before it. */
function placeOf(spans: readonly Seconds[], passedS: number, edge: "start" | "end"): number {
  let left = passedS;
  for (const { fromS, toS } of spans) {
    const length = toS - fromS;
    if (edge === "start" ? left < length - 1e-9 : left <= length + 1e-9) return fromS + Math.max(0, left);
    left -= length;
  }
  return spans.at(-1)?.toS ?? 0;
}
