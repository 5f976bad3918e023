import type { ChunkProblem, ChunkRow, Manifest } from "@verbatim/shared/recording/manifest";
import { SMALLEST_GAP_SAMPLES } from "./plan.ts";

/** What a chunk turned out to be when it was fetched. */
export type Finding =
  | { readonly ok: false; readonly problem: "missing" | "corrupt" }
  /** `samples` (48 kHz) is what it decodes to. */
  | { readonly ok: true; readonly samples: number };

export type Findings = ReadonlyMap<string, Finding>;

export const unusable = (findings: Findings): Set<string> =>
  new Set([...findings].flatMap(([key, finding]) => (finding.ok ? [] : [key])));

/** Of a chunk that decodes to something else than it states, only what is really there counts. */
export function asFound(manifest: Manifest, findings: Findings): Manifest {
  return { ...manifest, chunks: manifest.chunks.map((row) => trimmed(row, findings.get(row.key))) };
}

function trimmed(row: ChunkRow, finding: Finding | undefined): ChunkRow {
  if (!finding?.ok || !isOff(row, finding.samples)) return row;
  return { ...row, endSamples: Math.min(row.endSamples, row.startSamples + finding.samples) };
}

const isOff = (row: ChunkRow, samples: number): boolean =>
  Math.abs(row.endSamples - row.startSamples - samples) > SMALLEST_GAP_SAMPLES;

/** The list for people, in the order of keys. */
export function problemsOf(manifest: Manifest, findings: Findings, duplicates: readonly string[]): ChunkProblem[] {
  const found = manifest.chunks.flatMap((row): ChunkProblem[] => {
    const finding = findings.get(row.key);
    if (!finding) return [];
    if (!finding.ok) return [{ key: row.key, problem: finding.problem }];
    return isOff(row, finding.samples) ? [{ key: row.key, problem: "length" }] : [];
  });
  const unique = new Map(
    [...found, ...duplicates.map((key) => ({ key, problem: "duplicate" as const }))].map((p) => [
      `${p.key} ${p.problem}`,
      p,
    ]),
  );
  return [...unique.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}
