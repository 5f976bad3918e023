/**
 * Lets the rounds of all documents begin together, so that one statement stores them: at once when the last ones began
 * longer ago than this, else when that time has passed. Talk alone is not held up; many talks share their round trips.
 */
export type Pace = () => Promise<void>;

export function createPace(everyMs: number): Pace {
  let begun = Number.NEGATIVE_INFINITY;
  let next: PromiseWithResolvers<void> | undefined;
  const begin = (): void => {
    begun = performance.now();
    const all = next;
    next = undefined;
    all?.resolve();
  };
  return () => {
    if (next) return next.promise;
    next = Promise.withResolvers<void>();
    const waitMs = begun + everyMs - performance.now();
    // Not before what else arrived in this turn was read too.
    if (waitMs <= 0) setImmediate(begin);
    else setTimeout(begin, waitMs);
    return next.promise;
  };
}
