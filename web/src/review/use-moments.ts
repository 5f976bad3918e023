import { useCallback, useMemo, useRef } from "react";
import type { Moment, Moments } from "../notes/moment.ts";
import { useWords } from "../words/words.ts";
import type { ReviewOf } from "./review-section.tsx";
import type { Sound } from "./use-sound.ts";

/** Moments of an interview's recordings: where the player stands, and playing from one, in another part too. */
export function useMoments(
  recordings: readonly ReviewOf[],
  shown: ReviewOf | undefined,
  choose: (recordingId: string) => void,
) {
  const { notes: words } = useWords();
  const player = useRef<Sound>(undefined);
  /** Where to begin in the part that was just chosen, ms. */
  const wanted = useRef<number>(undefined);
  const onSound = useCallback((sound: Sound) => {
    player.current = sound;
    if (wanted.current !== undefined) sound.play(wanted.current);
    wanted.current = undefined;
  }, []);
  const moments = useMemo<Moments>(
    () => ({
      now: () =>
        shown?.startedAt && player.current
          ? { atMs: Math.round(player.current.nowMs()), startedAtMs: Date.parse(shown.startedAt) }
          : undefined,
      show: (moment) => {
        const of = recordingOf(recordings, moment);
        if (!of) return;
        if (of.recordingId === shown?.recordingId) return player.current?.play(moment.atMs);
        wanted.current = moment.atMs;
        choose(of.recordingId);
      },
      label: words.playFrom,
    }),
    [recordings, shown, choose, words],
  );
  return { moments, onSound };
}

/** The one that began nearest to it: two parts of an interview begin seconds apart at the least. */
const recordingOf = (recordings: readonly ReviewOf[], { startedAtMs }: Moment): ReviewOf | undefined => {
  const away = ({ startedAt }: ReviewOf): number => Math.abs(Date.parse(startedAt ?? "") - startedAtMs);
  return recordings.filter(({ startedAt }) => startedAt !== null).toSorted((a, b) => away(a) - away(b))[0];
};
