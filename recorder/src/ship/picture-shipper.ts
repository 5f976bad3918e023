import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { mediaTypeOf } from "@verbatim/shared/recording/keys";
import { type ChunkRow, MAX_PICTURE_GAPS } from "@verbatim/shared/recording/manifest";
import { containerOf, muxPicture } from "../picture/mux.ts";
import type { PicturePiece } from "../picture/pieces.ts";
import { pictureFiles, readTrackHeader } from "../spool/open-run.ts";
import { type LogEntry, openLog } from "../spool/reader.ts";
import type { FoundRun } from "../spool/runs.ts";
import { announce } from "./announce.ts";
import type { Built } from "./build-slot.ts";
import { createPictureTrack, PICTURE_BEGINNING, type PictureTrack } from "./picture-track.ts";
import type { ShipDeps } from "./run-shipper.ts";
import { openShipLog, PICTURE_LOG } from "./ship-log.ts";
import type { Slot } from "./slots.ts";
import { storeChunk } from "./store-chunk.ts";
import { momentOf } from "./track-feed.ts";

type AliveTrack = Extract<RecorderEvent, { type: "run-alive" }>["tracks"][number];
type Open = { readonly track: PictureTrack; readonly take: (untilUs: number) => Generator<LogEntry> } & Disposable;

/** The pictures of one run, behind its sound: a queue, a log and a pace of their own. */
export type PictureShipper = AsyncDisposable & {
  /** The next slots of the run, in order. */
  push(slots: readonly Slot[]): void;
  /** Makes and stores what is due, when sound lets it. */
  wake(): void;
  /** Every slot given is stored and in the api's books. */
  readonly idle: boolean;
  readonly alive: AliveTrack[];
  readonly failure: unknown;
};

export function createPictureShipper({ dir, header }: FoundRun, deps: ShipDeps): PictureShipper {
  const { counters } = deps;
  const log = deps.log.with({ interviewId: header.interviewId, runId: header.runId });
  const stop = new AbortController();
  const { signal } = stop;
  const shipLog = openShipLog(dir, PICTURE_LOG);
  const open = new Map<string, Open>();
  const queue: Slot[] = [];
  const announcing = new Set<Promise<void>>();
  let pumping: Promise<void> | undefined;
  let failure: unknown;

  const tell = (row: ChunkRow): void => {
    const telling = announce(row, { header, events: deps.events, log, signal })
      .then((told) => {
        if (told && !signal.aborted) shipLog.append({ type: "answered", key: row.key });
      })
      .catch((cause: unknown) => {
        failure ??= cause;
      })
      .finally(() => announcing.delete(telling));
    announcing.add(telling);
  };

  const openFiles = (): void => {
    for (const file of pictureFiles(dir)) {
      const path = join(dir, file);
      const track = open.has(file) ? undefined : readTrackHeader(path);
      if (!track) continue;
      const cursor = shipLog.pictures.get(track.trackId)?.cursor ?? PICTURE_BEGINNING;
      const reader = openLog(path, cursor.at);
      open.set(file, {
        track: createPictureTrack(header.clock, track, cursor),
        take: entriesUntil(reader),
        [Symbol.dispose]: () => reader.close(),
      });
    }
  };

  const storePiece = async (track: PictureTrack, piece: PicturePiece): Promise<void> => {
    const { trackId, kind } = track.header;
    const own = shipLog.rows.filter((row) => row.track === trackId);
    const built = await buildPicture(track, piece);
    // Stored before a crash that came before the slot's end was written down.
    if (own.some((row) => row.startSamples >= built.startSamples)) return;
    const failed = (): void => void (counters.failed += 1);
    const row = await storeChunk(built, own.at(-1), { ...deps, header, log, signal, failed });
    shipLog.append({ type: "chunk", row });
    counters.stored += 1;
    log.debug("ship.picture_stored", { kind, startSamples: row.startSamples, bytes: row.bytes });
    tell(row);
  };

  const ship = async (slot: Slot): Promise<void> => {
    openFiles();
    for (const { track, take } of open.values()) {
      const { pieces, gaps, cursor } = track.advance(slot, take(slot.untilUs));
      for (const piece of pieces) await storePiece(track, piece);
      shipLog.append({ type: "picture", track: track.header.trackId, cursor, gaps });
    }
    shipLog.append({ type: "slot", endSamples: slot.endSamples });
  };

  const pump = async (): Promise<void> => {
    for (let slot = queue[0]; slot && !signal.aborted; slot = queue[0]) {
      const due = slot;
      if (due.endSamples > shipLog.storedSamples) await deps.turns.take(() => ship(due), signal);
      queue.shift();
      await setImmediate();
    }
  };

  for (const row of shipLog.unanswered.values()) tell(row);

  return {
    push: (slots) => void queue.push(...slots),
    wake() {
      if (pumping || queue.length === 0 || signal.aborted || failure !== undefined) return;
      pumping = pump()
        .catch((cause: unknown) => {
          if (!signal.aborted) failure ??= cause;
        })
        .finally(() => {
          pumping = undefined;
        });
    },
    get idle() {
      return queue.length === 0 && !pumping && announcing.size === 0 && shipLog.unanswered.size === 0;
    },
    get alive() {
      return [...open.values()].map(({ track }): AliveTrack => {
        const { trackId, seatId, role, kind, codec } = track.header;
        const lastPacketSamples = Math.max(0, shipLog.rows.findLast((row) => row.track === trackId)?.endSamples ?? 0);
        // The first ones say more than the last: from there on the picture cannot be relied on.
        const pictureGaps = (shipLog.pictures.get(trackId)?.gaps ?? []).slice(0, MAX_PICTURE_GAPS);
        return { trackId, seatId, role, kind, codec, lastPacketSamples, pictureGaps };
      });
    },
    get failure() {
      return failure;
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new DOMException("Shipping of the pictures has ended.", "AbortError"));
      await pumping;
      for (const each of open.values()) each[Symbol.dispose]();
      shipLog[Symbol.dispose]();
    },
  };
}

/** The chunk's file is made once, whatever number it gets. */
async function buildPicture({ header }: PictureTrack, { frames, endSamples, gaps }: PicturePiece): Promise<Built> {
  const [first] = frames;
  if (!first?.format) throw new Error("A picture's chunk must begin with a key frame.");
  const { startSamples, format } = first;
  const muxed = frames.map((frame) => ({
    data: frame.data,
    key: frame.format !== undefined,
    startSamples: frame.startSamples - startSamples,
  }));
  const file = await muxPicture(format, muxed, endSamples - startSamples);
  return {
    mediaType: mediaTypeOf(header.kind),
    track: header.trackId,
    startSamples,
    endSamples,
    gaps: [...gaps],
    source: header.source,
    ...containerOf(format.codec),
    encode: () => file,
  };
}

/** A log's records in order, up to an arrival, each once; about 1 MB of them is held. */
function entriesUntil(reader: { read(): LogEntry[] }): Open["take"] {
  let held: LogEntry[] = [];
  let next = 0;
  return function* (untilUs) {
    for (;;) {
      const entry = held[next];
      if (entry) {
        if (momentOf(entry) > untilUs) return;
        next += 1;
        yield entry;
        continue;
      }
      held = reader.read();
      next = 0;
      if (held.length === 0) return;
    }
  };
}
