import { setTimeout as delay } from "node:timers/promises";

/** Lets few pictures be made and sent at a time over all runs, and none begun while sound waits. */
export type PictureTurns = { take<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> };

/** One is sent while another is made. A third would only take more of a line that sound needs soon. */
const AT_ONCE = 2;
const LOOK_MS = 50;

/** `soundWaits`: some run has sound that could be stored and is not. Rejects when the signal aborts before its turn. */
export function createPictureTurns(soundWaits: () => boolean): PictureTurns {
  let running = 0;
  return {
    async take(work, signal) {
      while (running >= AT_ONCE || soundWaits()) await delay(LOOK_MS, undefined, { signal });
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
      }
    },
  };
}
