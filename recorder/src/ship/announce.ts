import { setTimeout as delay } from "node:timers/promises";
import type { EventClient } from "@verbatim/hands/event-client";
import type { Log } from "@verbatim/hands/log";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import type { RunHeader } from "@verbatim/shared/spool/format";

/** An api that refuses a chunk may have been restored from a backup: it is asked again, not often. */
const REFUSED_WAIT_MS = 60_000;

/** Tells the api of a stored chunk until it has it in its books; false when the signal ended that before. */
export async function announce(
  row: ChunkRow,
  deps: { readonly header: RunHeader; readonly events: EventClient; readonly log: Log; readonly signal: AbortSignal },
): Promise<boolean> {
  const { tenantId, interviewId, recordingId } = deps.header;
  for (;;) {
    try {
      await deps.events.send({ type: "chunk-stored", tenantId, interviewId, recordingId, chunk: row });
      return true;
    } catch (cause) {
      if (deps.signal.aborted) return false;
      deps.log.error("ship.chunk_refused", { key: row.key, cause });
    }
    const waited = await delay(REFUSED_WAIT_MS, true, { signal: deps.signal }).catch(() => false); // Aborted.
    if (!waited) return false;
  }
}
