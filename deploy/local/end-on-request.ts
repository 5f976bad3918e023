import { z } from "zod";

const RecordingNow = z.object({ interviews: z.array(z.object({ title: z.string() })) });

/** A first Ctrl-C during a recording counts this long; a second within it ends. */
const SURE_WITHIN_MS = 10_000;
const ASK_MS = 700;

export type EndDecision = { readonly end: true } | { readonly end: false; readonly titles: readonly string[] };

/**
 * Decides what one Ctrl-C means: while interviews are being recorded the first names them, and a second within 10 s
 * ends; otherwise it ends at once. `now` is in ms.
 */
export function createEndDecision(recordingNow: () => Promise<readonly string[]>, now: () => number) {
  let askedAt: number | undefined;
  return async (): Promise<EndDecision> => {
    const sure = askedAt !== undefined && now() - askedAt <= SURE_WITHIN_MS;
    if (sure) return { end: true };
    const titles = await recordingNow();
    if (titles.length === 0) return { end: true };
    askedAt = now();
    return { end: false, titles };
  };
}

/** Titles of the interviews that are being recorded. None when the api does not answer: then nothing could be lost by it. */
export async function recordingNow(apiInternal: string): Promise<readonly string[]> {
  try {
    const response = await fetch(`${apiInternal}/recording-now`, { signal: AbortSignal.timeout(ASK_MS) });
    return RecordingNow.parse(await response.json()).interviews.map((interview) => interview.title);
  } catch {
    return []; // The api is down or starting: there is nobody to ask.
  }
}
