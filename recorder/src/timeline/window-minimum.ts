/** One observation: how much later than its RTP time something arrived, in samples. */
export type Delay = { readonly arrival: number; readonly delay: number };

/** For each observation (sorted by arrival): the smallest delay among those that arrived up to `span` after it, itself included. */
export function minimaAhead(delays: readonly Delay[], span: number): Float64Array {
  const minima = new Float64Array(delays.length);
  /** Indices whose delays grow towards the front of the walk: the last one is the minimum. */
  const candidates: number[] = [];
  let oldest = 0;
  for (let index = delays.length - 1; index >= 0; index--) {
    const { arrival, delay } = delays[index] as Delay;
    while (candidates.length > oldest && (delays[candidates.at(-1) as number] as Delay).delay >= delay)
      candidates.pop();
    candidates.push(index);
    while ((delays[candidates[oldest] as number] as Delay).arrival > arrival + span) oldest += 1;
    minima[index] = (delays[candidates[oldest] as number] as Delay).delay;
  }
  return minima;
}
