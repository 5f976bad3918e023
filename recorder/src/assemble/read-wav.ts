import { MIX_RATE } from "@verbatim/shared/clock";

/** Samples of a WAV file of 16 kHz, 16-bit, mono PCM; undefined when it is anything else. */
export function readWav(file: Uint8Array): Int16Array | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || view.getUint32(0, false) !== 0x52494646 || view.getUint32(8, false) !== 0x57415645) {
    return undefined;
  }
  let good = false;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = view.getUint32(at, false);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (name === 0x666d7420 && body + 16 <= file.length) {
      good =
        view.getUint16(body, true) === 1 &&
        view.getUint16(body + 2, true) === 1 &&
        view.getUint32(body + 4, true) === MIX_RATE &&
        view.getUint16(body + 14, true) === 16;
    }
    if (name === 0x64617461) {
      if (!good || body + size > file.length) return undefined;
      return new Int16Array(file.slice(body, body + size - (size % 2)).buffer);
    }
    at = body + size + (size % 2);
  }
  return undefined;
}
