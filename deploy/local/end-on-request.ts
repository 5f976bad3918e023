import { z } from "zod";

const RecordingNow = z.object({ interviews: z.array(z.object({ title: z.string() })) });

/** A first Ctrl-C during a recording counts this long; a second within it ends. */
const SURE_WITHIN_MS = 10_000;
/** Both are asked at once: with what the end itself takes at most, a Ctrl-C ends within 5 s. */
export const ASK_MS = 500;

/** What is being recorded, as the api names it, as the recorder counts it while the api does not answer, or as nobody can say. */
export type Recorded =
  | { readonly by: "api"; readonly titles: readonly string[] }
  | { readonly by: "recorder"; readonly runs: number }
  | { readonly by: "nobody" };

export type EndDecision = { readonly end: true } | { readonly end: false; readonly because: string };

/**
 * Decides what one Ctrl-C means: while something is, or may be, being recorded the first says so, and a second within
 * 10 s ends; otherwise it ends at once. `now` is in ms.
 */
export function createEndDecision(recorded: () => Promise<Recorded>, now: () => number) {
  let askedAt: number | undefined;
  return async (): Promise<EndDecision> => {
    const sure = askedAt !== undefined && now() - askedAt <= SURE_WITHIN_MS;
    if (sure) return { end: true };
    const because = inWords(await recorded());
    if (because === undefined) return { end: true };
    askedAt = now();
    return { end: false, because };
  };
}

function inWords(recorded: Recorded): string | undefined {
  switch (recorded.by) {
    case "api":
      if (recorded.titles.length === 0) return undefined;
      return `Still recording: ${recorded.titles.map((title) => `“${title}”`).join(", ")}.`;
    case "recorder":
      if (recorded.runs === 0) return undefined;
      return `Still recording ${recorded.runs === 1 ? "an interview" : `${recorded.runs} interviews`}, whose name the api cannot tell now.`;
    case "nobody":
      return "Neither api nor recorder says now whether an interview is being recorded.";
  }
}

export type Asked = {
  readonly apiUrl: string;
  readonly captureUrl: string;
  /** Everything has been ready once: who does not answer now is away, and has not merely not begun. */
  readonly allRan: boolean;
};

/** Asks the api, and beside it the recorder, which goes on while the api is away, and begins by itself what was interrupted. */
export async function recordedNow({ apiUrl, captureUrl, allRan }: Asked): Promise<Recorded> {
  const [titles, runs] = await Promise.all([titlesOf(apiUrl), openRuns(captureUrl)]);
  if (titles) return { by: "api", titles };
  if (runs === undefined && allRan) return { by: "nobody" };
  return { by: "recorder", runs: runs ?? 0 };
}

async function titlesOf(apiUrl: string): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(`${apiUrl}/recording-now`, { signal: AbortSignal.timeout(ASK_MS) });
    return RecordingNow.parse(await response.json()).interviews.map((interview) => interview.title);
  } catch {
    return undefined; // The api is down or starting, or has no database.
  }
}

async function openRuns(captureUrl: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${captureUrl}/metrics`, { signal: AbortSignal.timeout(ASK_MS) });
    const found = /^capture_open_runs (\d+)$/m.exec(await response.text());
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined; // The recorder is down or starting.
  }
}
