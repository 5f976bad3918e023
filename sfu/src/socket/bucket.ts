/** A token bucket: `perSecond` on average, twice that at once. */
export type Bucket = { take(nowUs: number): boolean };

export function createBucket(perSecond: number, nowUs: number): Bucket {
  const most = perSecond * 2;
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
