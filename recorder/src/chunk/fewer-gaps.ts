import type { ChunkGap } from "@verbatim/shared/recording/manifest";

/** How much closer neighbours of two causes must lie to be joined than neighbours of one. */
const OTHER_CAUSE = 64;

/**
 * Joins the closest neighbours until there are `most` at most, those of one cause first: it says less is held than is,
 * never more. A pause stays as it is, however many there are. `gaps` are one speaker's, in order.
 */
export function fewerGaps<Gap extends ChunkGap>(gaps: readonly Gap[], most: number): Gap[] {
  const pauses = gaps.filter(isPause).length;
  let joined = joinWithin(0, gaps);
  // When only pauses part what is left, nothing can be joined any more.
  for (let reach = 480; joined.length > Math.max(most, 2 * pauses + 1); reach *= 2) joined = joinWithin(reach, gaps);
  return joined;
}

function joinWithin<Gap extends ChunkGap>(reach: number, gaps: readonly Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps) {
    const last = joined.at(-1);
    if (last && isNear(last, gap, reach)) joined[joined.length - 1] = asOne(last, gap);
    else joined.push(gap);
  }
  return joined;
}

function isNear(a: ChunkGap, b: ChunkGap, reach: number): boolean {
  const apart = b.startSamples - a.endSamples;
  if (a.cause === b.cause) return apart <= (isPause(a) ? 0 : reach);
  return !isPause(a) && !isPause(b) && apart * OTHER_CAUSE < reach;
}

/** With the cause of the longer. */
function asOne<Gap extends ChunkGap>(a: Gap, b: Gap): Gap {
  const { cause } = lengthOf(a) >= lengthOf(b) ? a : b;
  return { ...a, endSamples: Math.max(a.endSamples, b.endSamples), cause };
}

const isPause = ({ cause }: ChunkGap): boolean => cause === "paused";

const lengthOf = ({ startSamples, endSamples }: ChunkGap): number => endSamples - startSamples;
