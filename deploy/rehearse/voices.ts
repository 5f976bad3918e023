import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { VOICE_RATE, type Voice } from "./microphone.ts";

const run = promisify(execFile);

/** What both speakers say. */
export type Voices = { readonly interviewer: Voice; readonly candidate: Voice };

/** Reads any WAV (or whatever ffmpeg knows) as 48 kHz mono, so that pieces of it join without resampling seams. */
export async function readVoice(file: string): Promise<Voice> {
  try {
    const pcm = await pcmOf(["-i", file], VOICE_RATE);
    return { pcm, seconds: pcm.length / 2 / VOICE_RATE };
  } catch (cause) {
    throw new Error(`${file} cannot be read as sound. Give a WAV file.`, { cause });
  }
}

/** A sound file's samples, mono. */
export const decode = async (file: string, rate: number): Promise<Int16Array> =>
  samplesOf(await pcmOf(["-i", file], rate));

/** A voice's samples at another rate. */
export const resample = async ({ pcm }: Voice, rate: number): Promise<Int16Array> =>
  samplesOf(await pcmOf(["-f", "s16le", "-ar", String(VOICE_RATE), "-ac", "1", "-i", "-"], rate, pcm));

async function pcmOf(input: readonly string[], rate: number, stdin?: Buffer): Promise<Buffer> {
  const args = ["-v", "error", ...input, "-f", "s16le", "-ac", "1", "-ar", String(rate), "-"];
  const running = run("ffmpeg", args, { encoding: "buffer", maxBuffer: 4 * 1024 ** 3 });
  running.child.stdin?.on("error", () => undefined).end(stdin); // A broken pipe is told by ffmpeg's exit.
  return (await running).stdout;
}

const samplesOf = (pcm: Buffer): Int16Array =>
  Int16Array.from({ length: pcm.length >> 1 }, (_, n) => pcm.readInt16LE(2 * n));

/** One line of a script: what is said, and when it begins, seconds from the start. */
export type Line = { readonly atSeconds: number; readonly text: string };

/** Reads `12.5 so we ran both systems side by side` lines; `#` begins a comment. */
export function readScript(text: string): Line[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, at, said] = /^(\d+(?:\.\d+)?)\s+(.+)$/.exec(line) ?? [];
      if (at === undefined || said === undefined)
        throw new Error(`A script's line must begin with its second: ${line}`);
      return { atSeconds: Number(at), text: said };
    });
}

/** Speaks a script with one of flite's voices; each line begins at its second. */
export async function speakScript(lines: readonly Line[], flite: "slt" | "rms"): Promise<Voice> {
  const folder = await mkdtemp(join(tmpdir(), "verbatim-voice-"));
  try {
    const spoken = [];
    for (const [index, line] of lines.entries()) {
      const file = join(folder, `${index}.wav`);
      await run("flite", ["-voice", flite, "-t", line.text, "-o", file]);
      spoken.push({ at: Math.round(line.atSeconds * VOICE_RATE), pcm: (await readVoice(file)).pcm });
    }
    const samples = Math.max(0, ...spoken.map(({ at, pcm }) => at + pcm.length / 2)) + VOICE_RATE;
    const pcm = Buffer.alloc(samples * 2);
    for (const each of spoken) each.pcm.copy(pcm, each.at * 2);
    return { pcm, seconds: samples / VOICE_RATE };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The built-in scripts: two people who take turns for nine minutes. What begins before this second is spoken. */
export async function builtInVoice(who: "interviewer" | "candidate", untilSeconds: number): Promise<Voice> {
  const script = readScript(await readFile(new URL(`scripts/${who}.txt`, import.meta.url), "utf8"));
  const lines = script.filter(({ atSeconds }) => atSeconds < untilSeconds);
  return await speakScript(lines, who === "interviewer" ? "rms" : "slt");
}
