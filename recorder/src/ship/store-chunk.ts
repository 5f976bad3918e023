import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "@verbatim/hands/backoff";
import type { Log } from "@verbatim/hands/log";
import { type Store, StoreConflict } from "@verbatim/hands/store/store";
import { chunkKey } from "@verbatim/shared/recording/keys";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import type { RunHeader } from "@verbatim/shared/spool/format";
import type { Built } from "./build-slot.ts";

const BACKOFF = { firstMs: 500, maxMs: 60_000 };

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Puts a chunk into the store and reads it back, for ever if need be: an interview cannot be repeated. Ends early only
 * with the signal. `before` is the track's last chunk.
 */
export async function storeChunk(
  built: Built,
  before: ChunkRow | undefined,
  deps: {
    readonly header: RunHeader;
    readonly store: Store;
    readonly log: Log;
    readonly random: () => number;
    readonly signal: AbortSignal;
    readonly failed: () => void;
  },
): Promise<ChunkRow> {
  const { header, store, log, signal } = deps;
  const { mediaType, track, startSamples, endSamples, gaps, source, ext, contentType } = built;
  let seq = (before?.seq ?? -1) + 1;
  for (let attempt = 0; ; attempt++) {
    const bytes = built.encode(seq);
    const sha256 = sha256Of(bytes);
    const { tenantId, interviewId, runId } = header;
    const key = chunkKey({ tenantId, interviewId, mediaType, runId, track, seq, ext });
    try {
      await store.put(key, bytes, { sha256, contentType, signal });
      const held = await store.get(key, { signal });
      if (sha256Of(held) !== sha256) throw new Error("what the store gives back is not what it was given");
      return {
        key,
        mediaType,
        runId,
        track,
        seq,
        startSamples,
        endSamples,
        bytes: bytes.byteLength,
        sha256,
        source,
        gaps,
        previousSha256: before?.sha256 ?? null,
      };
    } catch (cause) {
      signal.throwIfAborted();
      deps.failed();
      if (cause instanceof StoreConflict) {
        // Made otherwise by an earlier version, or not ours: it stays, and this sound gets the next number.
        log.error("ship.key_taken", { key, cause });
        seq += 1;
        continue;
      }
      const inMs = backoffMs(attempt, BACKOFF, deps.random);
      log.warn("ship.put_failed", { key, attempt, inMs, cause });
      await delay(inMs, undefined, { signal });
    }
  }
}
