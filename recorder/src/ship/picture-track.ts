import type { RecordingClock } from "@verbatim/shared/clock";
import type { ChunkGap } from "@verbatim/shared/recording/manifest";
import type { TrackHeader } from "@verbatim/shared/spool/format";
import { z } from "zod";
import { decodable, framesOf } from "../picture/frames.ts";
import { h264 } from "../picture/h264.ts";
import type { PictureCodec, PicturePacket } from "../picture/picture.ts";
import { pictureGaps, type PicturePiece, piecesOf, STOPPED_SAMPLES } from "../picture/pieces.ts";
import { type PlacedFrame, placeFrames } from "../picture/place-frames.ts";
import { vp8 } from "../picture/vp8.ts";
import type { LogEntry } from "../spool/reader.ts";
import { createMarkSpans } from "../timeline/mark-spans.ts";
import type { Slot } from "./slots.ts";

/** From where a track has to be read for the chunks that are not made yet. */
export const PictureCursor = z.object({
  /** Byte in the log. */
  at: z.int().min(0),
  /** The frame that the next chunk begins with, when the chunk before reached up to it. */
  begins: z.object({ sequence: z.int(), startSamples: z.int() }).nullable(),
  /** The picture is being left out. */
  leftOut: z.boolean(),
});
export type PictureCursor = z.infer<typeof PictureCursor>;

export const PICTURE_BEGINNING: PictureCursor = { at: 0, begins: null, leftOut: false };

/** One RTP stream's packets that are in no chunk yet. */
type Stream = { packets: PicturePacket[]; newest: PicturePacket | undefined; begins: PictureCursor["begins"] };

type Taken = { readonly pieces: PicturePiece[]; readonly gaps: ChunkGap[] };
const NOTHING: Taken = { pieces: [], gaps: [] };

/** So much is held in memory for a key frame that does not come: a minute of the most that a browser may send. */
const CARRIED_BYTES = 45 * 1024 * 1024;

/**
 * Turns one camera's or screen's records into what its chunks are made of. A chunk ends where the last key frame
 * before the slot's end begins the next one: capture asks for it shortly before. What comes behind it is carried into
 * the next slot, so nothing is lost at a cut, and without a key frame the chunk goes on. The log, the cursor and the
 * slots decide alone: whoever reads again from the cursor gets the same pieces.
 */
export function createPictureTrack(clock: RecordingClock, header: TrackHeader, from: PictureCursor) {
  const codec: PictureCodec = header.codec === "h264" ? h264 : vp8;
  const marks = createMarkSpans(clock);
  let streams: Stream[] = [{ packets: [], newest: undefined, begins: from.begins }];
  let next = from.at;
  let { leftOut } = from;
  if (leftOut) marks.push({ type: "absent", atUs: clock.startUs, cause: "load" });

  const take = (entry: LogEntry): void => {
    const at = next;
    next = entry.next;
    const stream = streams.at(-1);
    if (entry.type === "mark") {
      marks.push(entry.mark);
      if (entry.mark.type === "absent") leftOut = true;
      if (entry.mark.type === "present") leftOut = false;
      if (entry.mark.type === "source" && stream?.newest) {
        streams.push({ packets: [], newest: undefined, begins: null });
      }
    }
    if (entry.type !== "media" || !stream) return;
    const base = stream.newest?.sequence ?? stream.begins?.sequence ?? entry.sequence;
    const ticks = stream.newest?.ticks ?? entry.rtpTime;
    const packet: PicturePacket = {
      sequence: base + int16(entry.sequence - base),
      ticks: ticks + ((entry.rtpTime - ticks) | 0),
      arrivalUs: entry.arrivalUs,
      payload: entry.payload,
      at,
    };
    // So late that what comes after it is in a chunk.
    if (packet.sequence < (stream.begins?.sequence ?? Number.NEGATIVE_INFINITY)) return;
    stream.packets.push(packet);
    if (!stream.newest || packet.sequence > stream.newest.sequence) stream.newest = packet;
  };

  /** Keeps what begins with a frame; without one the packets of the newest, which may not be whole yet. */
  const leave = (stream: Stream, first: PlacedFrame | undefined, begins: Stream["begins"]): void => {
    const { newest } = stream;
    stream.packets = stream.packets.filter(({ sequence, ticks }) =>
      first ? sequence >= first.sequence : ticks === newest?.ticks,
    );
    stream.begins = begins;
  };

  /** Takes what of a stream belongs to the slot; `ends`: another stream follows it, or nothing does. */
  const takeFrom = (stream: Stream, slot: Slot, placed: readonly PlacedFrame[], ends: boolean): Taken => {
    const before = placed.filter(({ startSamples }) => startSamples < slot.endSamples);
    const after = placed.find(({ startSamples }) => startSamples >= slot.endSamples);
    const sent = kept(before, slot);
    const stopped = !after && (sent.at(-1)?.startSamples ?? 0) < slot.endSamples - STOPPED_SAMPLES;
    const good = decodable(sent, stream.begins !== null);
    if (!ends && !stopped) {
      const key = good.frames.findLast(({ format }, index) => format !== undefined && index > 0);
      if (key) {
        const until = { nextSamples: key.startSamples, limitSamples: key.startSamples };
        const shown = good.frames.filter(({ sequence }) => sequence < key.sequence);
        const gaps = pictureGaps(sent, { ...good, waiting: false }).filter(
          (gap) => gap.startSamples < key.startSamples,
        );
        leave(stream, key, { sequence: key.sequence, startSamples: key.startSamples });
        return { pieces: piecesOf(shown, gaps, until), gaps };
      }
      const bytes = stream.packets.reduce((sum, { payload }) => sum + payload.length, 0);
      if (bytes < CARRIED_BYTES) return NOTHING;
    }
    const gaps = pictureGaps(sent, good);
    const until = { nextSamples: after?.startSamples, limitSamples: slot.endSamples };
    // What follows leans on what is in a chunk now: it can be shown from its next key frame on.
    leave(stream, after, null);
    return { pieces: piecesOf(good.frames, gaps, until), gaps };
  };

  const cursor = (): PictureCursor => {
    const open = streams.find(({ packets }) => packets.length > 0);
    if (!open) return { at: next, begins: null, leftOut };
    // What the log says of being left out stands behind these packets and is read again.
    return { at: Math.min(...open.packets.map(({ at }) => at)), begins: open.begins, leftOut: false };
  };

  return {
    header,
    /** What of the track belongs to a slot, and where to go on from after it. Slots come in order. */
    advance(slot: Slot, entries: Iterable<LogEntry>): Taken & { readonly cursor: PictureCursor } {
      for (const entry of entries) take(entry);
      const pieces: PicturePiece[] = [];
      const gaps = marks
        .within(slot.startSamples, slot.endSamples)
        .absent.map((away): ChunkGap => ({ startSamples: away.from, endSamples: away.to, cause: "load" }));
      while (streams[0]) {
        const [stream] = streams;
        const placed = placeFrames(clock, framesOf(stream.packets, codec), stream.begins?.startSamples, slot.untilUs);
        const follows = streams.length > 1 && !placed.some(({ startSamples }) => startSamples >= slot.endSamples);
        const taken = takeFrom(stream, slot, placed, slot.last || follows);
        pieces.push(...taken.pieces);
        gaps.push(...taken.gaps);
        if (!follows) break;
        streams = streams.slice(1);
      }
      marks.forget(slot.endSamples);
      return { pieces, gaps: gaps.toSorted((a, b) => a.startSamples - b.startSamples), cursor: cursor() };
    },
  };
}

export type PictureTrack = ReturnType<typeof createPictureTrack>;

const int16 = (n: number): number => (n << 16) >> 16;

/** Without frames that were not to be kept. What follows one of them leans on something missing. */
function kept(frames: readonly PlacedFrame[], slot: Slot): PlacedFrame[] {
  const out: PlacedFrame[] = [];
  let dropped = false;
  for (const frame of frames) {
    const { startSamples } = frame;
    // What was carried along was looked at in its own slot.
    const keep =
      startSamples < slot.startSamples || slot.kept.some(({ from, to }) => startSamples >= from && startSamples < to);
    if (keep) out.push(dropped ? { ...frame, lostBefore: true } : frame);
    dropped = !keep;
  }
  return out;
}
