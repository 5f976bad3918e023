import { execFileSync } from "node:child_process";
import { MIX_RATE } from "@verbatim/shared/clock";
import { oggPackets } from "../../../test/opus-source.ts";

/** A made language for a made recogniser: each word is 200 ms of one tone, and its name is the tone's number. */
export type ToneWord = { readonly word: number; readonly atMs: number; readonly level?: number };

export const WORD_MS = 200;
const BASE_HZ = 400;
const STEP_HZ = 70;
export const WORDS = 20;

export const nameOf = (word: number): string => `w${word}`;

export function speakTones(lengthMs: number, words: readonly ToneWord[]): Int16Array {
  const sound = new Int16Array((lengthMs * MIX_RATE) / 1000);
  for (const { word, atMs, level = 0.4 } of words) {
    const from = (atMs * MIX_RATE) / 1000;
    const length = (WORD_MS * MIX_RATE) / 1000;
    for (let i = 0; i < length && from + i < sound.length; i++) {
      const edge = Math.min(1, i / 80, (length - i) / 80);
      const value = level * edge * Math.sin((2 * Math.PI * (BASE_HZ + STEP_HZ * word) * i) / MIX_RATE);
      sound[from + i] = (sound[from + i] ?? 0) + Math.round(value * 32_767);
    }
  }
  return sound;
}

/** Which word a stretch of tone is, by its zero crossings; undefined when it is none of ours. */
export function readTone(sound: Int16Array): number | undefined {
  let crossings = 0;
  for (let i = 1; i < sound.length; i++) if (sound[i - 1]! < 0 !== sound[i]! < 0) crossings++;
  const hz = (crossings * MIX_RATE) / (2 * sound.length);
  const word = Math.round((hz - BASE_HZ) / STEP_HZ);
  return word >= 0 && word < WORDS && Math.abs(hz - BASE_HZ - word * STEP_HZ) < STEP_HZ / 2 ? word : undefined;
}

/** 20 ms Opus packets of 16 kHz sound, as a browser sends them. */
export function encodeOpus(sound: Int16Array): Buffer[] {
  const input = Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength);
  const raw = "-nostdin -v error -f s16le -ar 16000 -ac 1 -i pipe:0".split(" ");
  const opus = "-ar 48000 -c:a libopus -b:a 32k -application voip -frame_duration 20 -f ogg pipe:1".split(" ");
  return oggPackets(execFileSync("ffmpeg", [...raw, ...opus], { input, maxBuffer: 1 << 28 })).slice(2);
}
