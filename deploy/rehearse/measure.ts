import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Review } from "@verbatim/shared/api/interviews";
import type { Member } from "./cast.ts";
import { lagMs, type Placed } from "./place-voices.ts";
import { figures, type Figures } from "./report.ts";
import { type Saw, saw } from "./saw.ts";
import { wordDelays } from "./word-timing.ts";

type Segments = Review["segments"];
export type ObserverSaw = Saw & {
  readonly name: string;
  readonly segmentsSeen: number;
  readonly sameAsServer: boolean;
};

/**
 * Reads the final segments from each observer's DOM, writes them down and holds them against the stored transcript: every
 * word, speaker and time, letter by letter. A page in `closed` is told as it was then, and is not the same.
 */
export async function compareObservers(
  observers: readonly Member[],
  stored: Segments,
  closed: ReadonlyMap<string, Saw>,
  folder: string,
): Promise<ObserverSaw[]> {
  await mkdir(folder, { recursive: true });
  const wanted = spelled(stored.map(({ role, ...segment }) => ({ ...segment, speaker: role })));
  return await Promise.all(
    observers.map(async ({ person }) => {
      const { name } = person;
      const now = person.gone ? undefined : await saw(person.page).catch(() => undefined); // It crashed in this moment.
      const { segments, seen, suggested } = now ?? closed.get(name) ?? { segments: [], seen: [], suggested: [] };
      await writeFile(join(folder, `${name}.json`), `${JSON.stringify(segments, null, 2)}\n`);
      const sameAsServer = now !== undefined && spelled(segments) === wanted;
      return { name, segments, seen, suggested, segmentsSeen: segments.length, sameAsServer };
    }),
  );
}

/** The live document keeps ends of words to 10 ms. */
const spelled = (segments: Saw["segments"]): string =>
  segments
    .map(({ id, speaker, startMs, endMs, text }) =>
      JSON.stringify([id, speaker, startMs, Math.round(endMs / 10), text]),
    )
    .toSorted()
    .join("\n");

/** Over every observer, so that a slow one cannot hide behind a fast one. `zeroMs`: the host's time of position 0. */
export function wordFigures(of: {
  readonly segments: Segments;
  readonly seen: readonly ObserverSaw[];
  readonly placed: readonly Placed[];
  readonly zeroMs: number;
}): Figures {
  const segments = of.segments.map(({ role, ...segment }) => ({ ...segment, speaker: role }));
  const lag = (speaker: string, atMs: number): number | undefined => lagMs(of.placed, speaker, atMs);
  return figures(of.seen.flatMap(({ seen }) => wordDelays(segments, seen, of.zeroMs, lag)));
}

export const engineFigures = (segments: Segments): Figures =>
  figures(segments.flatMap(({ words }) => words.flatMap((word) => word.engineMs ?? [])));
