import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Review } from "@verbatim/shared/api/interviews";
import type { Member } from "./cast.ts";
import { figures, type Figures } from "./report.ts";
import { readWatch, type Seen } from "./watch.ts";
import { plain, wordDelays } from "./word-timing.ts";

export type ObserverSaw = {
  readonly name: string;
  readonly segmentsSeen: number;
  readonly sameAsServer: boolean;
  readonly seen: readonly Seen[];
};

/** Reads the final segments from each observer's DOM, writes them down and holds them against the stored transcript. */
export async function compareObservers(
  observers: readonly Member[],
  review: Review,
  folder: string,
): Promise<ObserverSaw[]> {
  await mkdir(folder, { recursive: true });
  const stored = review.segments.map(({ id, role, text }) => key(id, role, text)).toSorted();
  return await Promise.all(
    observers.map(async ({ person }) => {
      if (person.gone) return { name: person.name, segmentsSeen: 0, sameAsServer: false, seen: [] };
      const shown = await person.page.locator("[data-segment-id]").evaluateAll((lines) =>
        lines.map((line) => ({
          id: line.getAttribute("data-segment-id") ?? "",
          speaker: line.getAttribute("data-speaker") ?? "",
          startMs: Number(line.getAttribute("data-start-ms")),
          endMs: Number(line.getAttribute("data-end-ms")),
          text: [...line.querySelectorAll("[data-word]")].map((word) => word.textContent?.trim() ?? "").join(" "),
        })),
      );
      await writeFile(join(folder, `${person.name}.json`), `${JSON.stringify(shown, null, 2)}\n`);
      const same = shown.map(({ id, speaker, text }) => key(id, speaker, text)).toSorted();
      return {
        name: person.name,
        segmentsSeen: shown.length,
        sameAsServer: JSON.stringify(same) === JSON.stringify(stored),
        seen: (await readWatch(person.page)).seen,
      };
    }),
  );
}

const key = (id: string, role: string, text: string): string => `${id} ${role} ${plain(text).join(" ")}`;

/** Over every observer, so that a slow one cannot hide behind a fast one. */
export function wordFigures(review: Review, observers: readonly ObserverSaw[], startedAtMs: number): Figures {
  const segments = review.segments.map(({ id, role, startMs, endMs, words }) => ({
    id,
    speaker: role,
    startMs,
    endMs,
    words,
  }));
  return figures(observers.flatMap(({ seen }) => wordDelays(segments, seen, startedAtMs)));
}

export function engineFigures(review: Review): Figures {
  return figures(review.segments.flatMap(({ words }) => words.flatMap((word) => word.engineMs ?? [])));
}
