import { unreachable } from "@verbatim/shared/assert";
import { documentSegmentId } from "@verbatim/shared/document/live";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { isSound } from "@verbatim/shared/recording/keys";
import type { Log } from "@verbatim/hands/log";
import type { Calls } from "../calls/calls.ts";
import type { Database } from "../database/database.ts";
import type { LiveDocuments } from "../documents/live-documents.ts";
import type { Heard } from "../suggestions/answer-end.ts";
import type { HandleEvent } from "./event-server.ts";
import {
  recordingOf,
  segmentText,
  writeAssembly,
  writeChunk,
  writeFailure,
  writeRun,
  writeSegment,
} from "./event-rows.ts";

/**
 * What each event does, once, however often it comes: rows in one transaction, then the document, which knows the
 * segments it holds. Only after both is the recorder answered; if we die in between, it repeats.
 */
export function createEventHandler(deps: {
  readonly database: Database;
  readonly documents: LiveDocuments;
  readonly calls: Pick<Calls, "changed" | "caption">;
  /** The recording may now be ready to be assembled. */
  readonly consider: (at: RecorderEvent) => Promise<void>;
  /** Pictures of a recording whose master is made may have come. */
  readonly addPictures: (at: RecorderEvent) => Promise<void>;
  /** A running recording's sound before this position is stored. */
  readonly prepare: (at: RecorderEvent, untilSamples: number) => Promise<void>;
  /** Somebody's words are in their row, or unfinished ones came. */
  readonly heard: (words: Heard) => void;
  readonly log: Log;
}): HandleEvent {
  const { database, documents, calls, log } = deps;

  return async (event) => {
    switch (event.type) {
      case "run-alive": {
        const { phase } = await database.tenant(event.tenantId, async (trx) => {
          const recording = await recordingOf(trx, event);
          await writeRun(trx, event);
          return recording;
        });
        if (phase === "stopped" || phase === "closed") await considerQuietly(event);
        return;
      }
      case "chunk-stored": {
        const done = await database.tenant(event.tenantId, async (trx) => {
          const { phase } = await recordingOf(trx, event);
          const written = await writeChunk(trx, event);
          const late = phase === "stopped" || phase === "closed";
          const sound = isSound(event.chunk.mediaType);
          // Late material: what was assembled, or is about to be, does not hold it. Pictures are no part of a master.
          if (written.fresh && late && sound) {
            await trx
              .updateTable("recording")
              .set({ assemble_wanted: true, assemble_wanted_at: new Date() })
              .where("id", "=", event.recordingId)
              .execute();
          }
          return { ...written, latePicture: late && !sound };
        });
        if (done.latePicture) await deps.addPictures(event);
        // Sound is never refused for this; `verify` shows where the chain is broken.
        if (!done.chained) log.warn("events.chain_broken", { key: event.chunk.key });
        // Slots are stored one after another: a new slot's mix says that the slots before it are whole.
        if (done.fresh && event.chunk.mediaType === "mix" && event.chunk.startSamples > 0) {
          await deps
            .prepare(event, event.chunk.startSamples)
            .catch((cause: unknown) =>
              log.warn("assembling.prepare_failed", { recordingId: event.recordingId, cause }),
            );
        }
        return;
      }
      case "words-interim": {
        const interim = event.text === "" ? null : { startMs: event.startMs, text: event.text };
        calls.caption(event.interviewId, event.seatId, event.text, false);
        if (interim) deps.heard(event);
        return documents.tell(event, event.seatId, interim);
      }
      case "words-final": {
        const { part } = await database.tenant(event.tenantId, async (trx) => {
          const recording = await recordingOf(trx, event);
          await writeSegment(trx, event);
          return recording;
        });
        const text = segmentText(event);
        calls.caption(event.interviewId, event.seatId, text, true);
        deps.heard({ ...event, quietMs: event.toldMs === undefined ? undefined : event.toldMs - event.endMs });
        await documents.write(event, (live) =>
          live.appendSegment(documentSegmentId(part, event.seatId, event.startMs), event.seatId, text, event.words),
        );
        documents.finished(event, event.seatId, event.endMs);
        return;
      }
      case "speech": {
        await database.tenant(event.tenantId, async (trx) => {
          await recordingOf(trx, event);
          await trx
            .updateTable("interview")
            .set((eb) => ({ speech: JSON.stringify(event.speech), call_revision: eb("call_revision", "+", 1) }))
            .where("id", "=", event.interviewId)
            .execute();
        });
        // The media server must know what understands the words before it is given some of them.
        await calls.changed(event);
        return;
      }
      case "assembled": {
        await database.tenant(event.tenantId, async (trx) => {
          await recordingOf(trx, event);
          await writeAssembly(trx, event);
        });
        // What came while it was made.
        await deps.addPictures(event);
        log.info("recording.assembled", { recordingId: event.recordingId, state: event.assembly.state });
        return;
      }
      case "assemble-failed": {
        await database.tenant(event.tenantId, async (trx) => {
          await recordingOf(trx, event);
          await writeFailure(trx, event);
        });
        log.error("recording.assemble_failed", { recordingId: event.recordingId, reason: event.reason });
        return;
      }
      default:
        return unreachable(event);
    }
  };

  /** The worker finds it too; a failure here must not make the recorder repeat its event. */
  async function considerQuietly(event: RecorderEvent): Promise<void> {
    await deps
      .consider(event)
      .catch((cause: unknown) => log.warn("assembling.consider_failed", { recordingId: event.recordingId, cause }));
  }
}
