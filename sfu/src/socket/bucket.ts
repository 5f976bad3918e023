/** A token bucket: `perSecond` on average, twice that at once unless told otherwise. */
export type Bucket = { take(nowUs: number): boolean };

export function createBucket(perSecond: number, nowUs: number, most: number = perSecond * 2): Bucket {
  let tokens = most;
  let at = nowUs;
  return {
    take(now) {
      tokens = Math.min(most, tokens + ((now - at) / 1_000_000) * perSecond);
      at = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
