import { FRAME_BYTES, FRAME_HEADER, FRAME_SAMPLES, MAIN_DATA_AT } from "./format.ts";

/** Decoders give their first sound this late, and players that know this header drop as much at the start. */
const DECODER_DELAY = 529;

/** Frames that hold all of the sound, when it begins in the first. */
export const framesFor = (samples: number): number => Math.ceil((samples + DECODER_DELAY) / FRAME_SAMPLES);

/**
 * The first frame of a file: silent to a decoder, and telling a player how long the sound is and that no samples but
 * the decoder's own delay are to be dropped at its start ("Xing/Info" with LAME's gapless field).
 *
 * Measured with clicks on 65.3 s: an encoder delay of 0 and these numbers of frames and bytes, which leave out what
 * only serves the decoder's delay, make ffprobe and Chromium say 65.304 s, a decoded click lie within 3 ms of its
 * place, and a click after a seek in Chromium's audio element within 20 ms. With LAME's own delay of 576 samples and
 * true numbers they say 65.376 s, and seeks are up to 113 ms off: Chromium maps a time to bytes by these two.
 */
export function infoFrame(samples: number): Uint8Array {
  const frames = Math.max(1, Math.ceil(samples / FRAME_SAMPLES));
  const frame = new Uint8Array(FRAME_BYTES);
  const view = new DataView(frame.buffer);
  frame.set(FRAME_HEADER);
  let at = MAIN_DATA_AT;
  const text = (value: string): void => {
    for (const letter of value) view.setUint8(at++, letter.charCodeAt(0));
  };
  const u32 = (value: number): void => {
    view.setUint32(at, value);
    at += 4;
  };
  text("Info"); // "Xing" would say that the bit rate varies.
  u32(0b1111); // Frames, bytes, table of contents and quality follow.
  u32(frames);
  u32(frames * FRAME_BYTES);
  for (let percent = 0; percent < 100; percent++) view.setUint8(at++, Math.floor((percent * 256) / 100));
  u32(100);
  const tag = at;
  text("LAME3.100");
  view.setUint8(tag + 9, 0x01); // Revision 0, constant bit rate.
  view.setUint8(tag + 20, 64); // kb/s.
  view.setUint32(tag + 28, (frames + 1) * FRAME_BYTES);
  view.setUint16(tag + 34, crc16(frame.subarray(0, tag + 34)));
  return frame;
}

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
