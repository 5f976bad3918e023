import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const WAV_HEADER_BYTES = 44;

/** 16 kHz mono 16-bit samples, and where in them the first sound begins and the last one ends, in ms. */
export type Spoken = { readonly pcm: Buffer; readonly firstMs: number; readonly lastMs: number };

/** What flite says, with the times of its own phones: the truth that word times are held against. */
export async function speak(text: string, voice: "slt" | "rms"): Promise<Spoken> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-flite-"));
  try {
    const file = path.join(folder, "said.wav");
    const { stdout } = await run("flite", ["-voice", voice, "-psdur", "-t", text, "-o", file]);
    const pcm = (await readFile(file)).subarray(WAV_HEADER_BYTES);
    const phones = stdout
      .trim()
      .split(" ")
      .map((phone) => phone.split(":"));
    const ends = phones.map(([name, end]) => ({ pause: name === "pau", endMs: Number(end) * 1000 }));
    const first = ends.findIndex((phone) => !phone.pause);
    return { pcm, firstMs: ends[first - 1]?.endMs ?? 0, lastMs: ends.findLast((phone) => !phone.pause)?.endMs ?? 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const silence = (ms: number): Buffer => Buffer.alloc(ms * 32);

/** White noise of this loudness, the same one each time. */
export function noise(ms: number, amplitude: number): Buffer {
  const pcm = Buffer.alloc(ms * 32);
  let seed = 12_345;
  for (let i = 0; i < pcm.length; i += 2) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    pcm.writeInt16LE(Math.round(((seed >>> 8) / 2 ** 23 - 1) * amplitude), i);
  }
  return pcm;
}

export function tone(ms: number, hertz: number, amplitude: number): Buffer {
  const pcm = Buffer.alloc(ms * 32);
  for (let i = 0; i < pcm.length / 2; i++) {
    pcm.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hertz * i) / 16_000) * amplitude), i * 2);
  }
  return pcm;
}
