import { FRAME_BYTES, MAIN_DATA_AT } from "./format.ts";

const SLOT = FRAME_BYTES - MAIN_DATA_AT;
/** Main data may begin at most this far before its frame: an 8-bit field. */
const MAX_BACK = 255;

/**
 * Drops frames at the start of a stream. That alone would break it: a frame's main data may lie in the frames before
 * ("bit reservoir"), so the data of those that stay are laid out anew. Where a frame's data cannot be placed without
 * the dropped space, that frame becomes 36 ms of silence; only frames at the very start can lack it, and an encoder
 * that began with silence has room to spare there.
 */
export function createRelay(drop: number, onFrame: (frame: Uint8Array) => void) {
  /** Main data of the frame before, since data of this one may begin there. */
  let previous = new Uint8Array(SLOT);
  let read = 0;
  /** The frame whose slot may still take data of the next. */
  let held: Uint8Array | undefined;
  /** Bytes free at the end of the held frame's slot. */
  let free = 0;

  return {
    write(frame: Uint8Array): void {
      const back = frame[4] ?? 0;
      const length = Math.ceil(mainDataBits(frame) / 8);
      const slot = frame.slice(MAIN_DATA_AT);
      const both = new Uint8Array(2 * SLOT);
      both.set(previous);
      both.set(slot, SLOT);
      previous = slot;
      if (read++ < drop) return;

      const data = both.subarray(SLOT - back, SLOT - back + length);
      const out = new Uint8Array(FRAME_BYTES);
      out.set(frame.subarray(0, MAIN_DATA_AT));
      const newBack = Math.min(free, MAX_BACK);
      if (data.length < length || length > newBack + SLOT) {
        out.fill(0, 4);
        if (held) onFrame(held);
        held = out;
        free = SLOT;
        return;
      }
      out[4] = newBack;
      const before = Math.min(newBack, length);
      if (held && before > 0) held.set(data.subarray(0, before), FRAME_BYTES - newBack);
      out.set(data.subarray(before), MAIN_DATA_AT);
      if (held) onFrame(held);
      held = out;
      free = newBack + SLOT - length;
    },
    finish(): void {
      if (held) onFrame(held);
      held = undefined;
    },
  };
}

/** `part2_3_length` of an MPEG-2 mono frame: 12 bits after 8 of main_data_begin and one private. */
const mainDataBits = (frame: Uint8Array): number => (((frame[5] ?? 0) & 0x7f) << 5) | ((frame[6] ?? 0) >> 3);
