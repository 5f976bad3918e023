import type { Review } from "@verbatim/shared/api/interviews";
import type { ObserverSaw } from "./measure.ts";
import { type Placed, saidUntilMs } from "./place-voices.ts";
import { figures, type Report } from "./report.ts";
import type { SeenSuggestion } from "./watch.ts";
import { screenDelays } from "./word-timing.ts";

type Live = Report["live"];

/**
 * What was seen live, when. `screenMs`: from the engine's first answer with a word, which scribe stamps on the recording's
 * clock, to that word in an observer's page, which stamps its own; both are clocks of one machine, anchored to one another
 * at Start to the millisecond. The next frame is drawn after that. `zeroMs`: the host's time of position 0.
 */
export function liveFigures(of: {
  readonly review: Review | undefined;
  readonly seen: readonly ObserverSaw[];
  /** When each stood on a page first, of observers and of the interviewer, whom they are for. */
  readonly suggested: readonly SeenSuggestion[];
  readonly placed: readonly Placed[];
  readonly zeroMs: number;
}): Pick<Live, "screenMs" | "suggestions"> {
  const { seen, zeroMs } = of;
  const segments = (of.review?.segments ?? []).map(({ role, ...segment }) => ({ ...segment, speaker: role }));
  return {
    screenMs: figures(seen.flatMap((one) => screenDelays(segments, one.seen, zeroMs))),
    suggestions: (of.review?.suggestions ?? []).flatMap(
      ({ id, atMs: answeredMs, providerMs, text, competency, quote }) => {
        const shown = of.suggested.filter((each) => each.id === id);
        // One that was overtaken before it was sent was never seen.
        if (shown.length === 0) return [];
        const atMs = Math.min(...shown.map((each) => each.atMs)) - zeroMs;
        // Where the voices were not found again, the end is where the engine placed the last word.
        const afterAnswerMs = Math.round(atMs - (saidUntilMs(of.placed, "candidate", answeredMs) ?? answeredMs));
        return [{ atMs, afterAnswerMs, providerMs, text, competency, quote: quote?.text ?? "" }];
      },
    ),
  };
}
