import { createHash } from "node:crypto";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { createMp3Encoder } from "./mp3/encoder.ts";
import { FRAME_BYTES } from "./mp3/format.ts";
import { framesFor, infoFrame } from "./mp3/info-frame.ts";

/** One MP3 being written to a file beside us, so that hours of it need no memory. */
export type MadeMp3 = AsyncDisposable & {
  write(samples: Int16Array): Promise<void>;
  /** The whole file and its SHA-256; `samples` is the sound's exact length at 16 kHz. */
  finish(samples: number): Promise<{ readonly content: Uint8Array; readonly sha256: string }>;
};

export async function createMadeMp3(path: string): Promise<MadeMp3> {
  await using opening = new AsyncDisposableStack();
  const file = opening.adopt(await open(path, "w+"), (handle) => handle.close());
  let pending: Uint8Array[] = [];
  const encoder = opening.use(await createMp3Encoder((frame) => pending.push(frame)));
  const owned = opening.move();
  let at = FRAME_BYTES; // The first frame is written last: it tells how many follow.
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(pending);
    pending = [];
    await writeAll(file, bytes, at);
    at += bytes.length;
  };
  return {
    async write(samples) {
      await encoder.write(samples);
      if (pending.length > 256) await flush();
    },
    async finish(samples) {
      await encoder.finish();
      await flush();
      await file.truncate((1 + framesFor(samples)) * FRAME_BYTES);
      await writeAll(file, infoFrame(samples), 0);
      const content = await readFile(path);
      return { content, sha256: createHash("sha256").update(content).digest("hex") };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}
