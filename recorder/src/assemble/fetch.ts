import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { StoreMissing, type Store } from "@verbatim/hands/store/store";
import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import type { Finding } from "./findings.ts";
import { readOggOpus } from "./read-ogg.ts";
import { readWav } from "./read-wav.ts";

/** Enough to keep a far store busy, few enough to hold in memory: a chunk has at most 1 MB. */
const AT_ONCE = 8;
/** A connection that says nothing must not hold the master up. */
const FETCH_TIMEOUT_MS = 20_000;

export const chunkFile = (folder: string, row: ChunkRow): string =>
  path.join(folder, `${createHash("sha256").update(row.key).digest("hex").slice(0, 32)}.chunk`);

/**
 * Brings chunks to a folder and says what each is. A chunk that is absent, changed or unreadable is a finding; only
 * a store that does not answer throws.
 */
export async function fetchChunks(
  store: Store,
  rows: readonly ChunkRow[],
  folder: string,
  signal: AbortSignal,
): Promise<Map<string, Finding>> {
  const findings = new Map<string, Finding>();
  const queue = [...rows];
  const worker = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      findings.set(row.key, await fetchOne(store, row, folder, signal));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return findings;
}

async function fetchOne(store: Store, row: ChunkRow, folder: string, signal: AbortSignal): Promise<Finding> {
  try {
    const content = await store.get(row.key, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]),
    });
    if (createHash("sha256").update(content).digest("hex") !== row.sha256) return { ok: false, problem: "corrupt" };
    const samples = lengthOf(row, content);
    if (samples === undefined) return { ok: false, problem: "corrupt" };
    await writeFile(chunkFile(folder, row), content);
    return { ok: true, samples };
  } catch (cause) {
    if (cause instanceof StoreMissing) return { ok: false, problem: "missing" };
    throw cause;
  }
}

function lengthOf(row: ChunkRow, content: Uint8Array): number | undefined {
  if (row.mediaType === "audio") return readOggOpus(content)?.length;
  const samples = readWav(content);
  return samples && samples.length * (SAMPLE_RATE / MIX_RATE);
}
