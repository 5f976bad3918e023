import { type FileHandle, open } from "node:fs/promises";

/** What is read at once: 10 s at 16 kHz. */
const WINDOW_BYTES = 320_000;

/** One speaker's sound at 16 kHz, put aside while the master is made, so that nobody waits for what plays later. */
export type PcmFile = AsyncDisposable & {
  write(samples: Int16Array): Promise<void>;
  /** All of it from the start, window by window. */
  read(): AsyncGenerator<Int16Array>;
};

export async function createPcmFile(path: string): Promise<PcmFile> {
  const file: FileHandle = await open(path, "w+");
  return {
    async write(samples) {
      await file.writeFile(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    },
    async *read() {
      for (let at = 0; ; ) {
        const bytes = new Uint8Array(WINDOW_BYTES);
        const { bytesRead } = await file.read(bytes, 0, WINDOW_BYTES, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield new Int16Array(bytes.buffer, 0, bytesRead / 2);
      }
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
