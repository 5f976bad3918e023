const HEAD_BYTES = 44;

/** A mono 16-bit PCM WAV file. */
export function writeWav(samples: Int16Array, rate: number): Uint8Array {
  const file = Buffer.alloc(HEAD_BYTES + samples.byteLength);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(HEAD_BYTES - 8 + samples.byteLength, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples.byteLength, 40);
  // Typed arrays are little-endian on every machine we run on, as WAV is.
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), HEAD_BYTES);
  return file;
}
