import { replay as replayContract } from "@verbatim/shared/api/replay";
import { useMemo } from "react";
import { call } from "../api/call.ts";
import { useOwned } from "../observable/use-owned.ts";
import { createReplay, type Replay } from "../replay/create-replay.ts";
import type { Playback } from "./playback.ts";
import type { ReviewOf } from "./review-section.tsx";

/** One recording's sound for whatever leads to a moment of it: its master's, or what the store holds until that is made. */
export type Sound = {
  /** Where it stands, ms. */
  readonly nowMs: () => number;
  /** From a position, ms. Words end where they end, until the master is there. */
  readonly play: (fromMs: number, untilMs?: number) => void;
};

export function useSound(
  interviewId: string,
  { part, masterKey }: ReviewOf,
  playback: Playback | undefined,
): { readonly sound: Sound | undefined; readonly replay: Replay | undefined } {
  const replay = useOwned(() =>
    createReplay({
      ask: (at, signal) => call(replayContract, at, { params: { interviewId }, signal }),
      nowMs: Date.now,
    }),
  );
  const made = masterKey !== null;
  const sound = useMemo((): Sound | undefined => {
    if (!playback || !replay) return undefined;
    if (made) return { nowMs: playback.nowMs, play: (fromMs) => playback.seek(fromMs, true) };
    return {
      nowMs: replay.position.get,
      play: (fromMs, untilMs) => replay.play({ of: { part }, fromMs, ...(untilMs === undefined ? {} : { untilMs }) }),
    };
  }, [playback, replay, made, part]);
  return { sound, replay };
}
