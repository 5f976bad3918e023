/** A share as people read it; only the whole is "100 %": 0.9999 is 99.99 %, never rounded up to more than is held. */
export function percentOf(ratio: number): string {
  if (ratio >= 1) return "100 %";
  return `${(Math.floor(ratio * 10_000) / 100).toFixed(2).replace(/\.?0+$/, "")} %`;
}
