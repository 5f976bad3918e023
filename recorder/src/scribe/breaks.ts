import { SAMPLE_RATE } from "@verbatim/shared/clock";

/**
 * Streams that break at the same place again and again: sound that cannot be made out is left out then, so that what is
 * behind it is heard. Not sooner, for a provider may fail at everything for a minute: 60 s of that lose no word.
 */
const LEFT_OUT = { times: 10, ms: 90_000 } as const;
/** A stream that was asked to end and breaks off instead is asked again this long; then what it said is all. */
const UNFINISHED = { times: 20, ms: 180_000 } as const;
/** Nearer than this it is the same place: where silence ends is found anew each time. */
const SAME_PLACE = 0.5 * SAMPLE_RATE;

/** Where one track's streams broke last, samples of the run; how often there, and since when. */
export function createBreaks(now: () => number) {
  let last = { place: Number.NEGATIVE_INFINITY, times: 0, sinceMs: 0 };
  const isSame = (place: number): boolean => Math.abs(place - last.place) <= SAME_PLACE;
  const reached = (most: { readonly times: number; readonly ms: number }): boolean =>
    last.times >= most.times && now() - last.sinceMs >= most.ms;
  return {
    /** A stream that was in use broke here. */
    at(place: number): void {
      if (!isSame(place)) last = { place, times: 0, sinceMs: now() };
      last.times += 1;
    },
    leavesOut: (place: number): boolean => isSame(place) && reached(LEFT_OUT),
    get endAll(): boolean {
      return reached(UNFINISHED);
    },
  };
}
