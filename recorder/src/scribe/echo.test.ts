import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import { ECHO_CALL_LAG_S, ECHO_LAG_S, isEcho } from "@verbatim/shared/sound/echo";
import { createSoundMemory, type SoundMemory } from "./sound-memory.ts";

/** 16 kHz speech by flite. */
function speak(text: string, voice: "slt" | "rms"): Int16Array {
  const folder = mkdtempSync(path.join(tmpdir(), "verbatim-echo-"));
  try {
    const file = path.join(folder, "said.wav");
    execFileSync("flite", ["-voice", voice, "-t", text, "-o", file]);
    const wav = readFileSync(file).subarray(44);
    return new Int16Array(wav.buffer.slice(wav.byteOffset, wav.byteOffset + wav.byteLength));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const decibels = (db: number): number => 10 ** (db / 20);

/** Sums sounds that begin at different moments, each at its level. */
function mix(lengthMs: number, ...parts: { sound: Int16Array; atMs: number; level: number }[]): Int16Array {
  const out = new Int16Array((lengthMs * MIX_RATE) / 1000);
  for (const { sound, atMs, level } of parts) {
    const from = Math.round((atMs * MIX_RATE) / 1000);
    for (let i = 0; i < sound.length && from + i < out.length; i++) out[from + i]! += Math.round(sound[i]! * level);
  }
  return out;
}

const noise = (lengthMs: number, level: number): Int16Array => {
  let seed = 7;
  return Int16Array.from({ length: (lengthMs * MIX_RATE) / 1000 }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return ((seed >>> 8) / 2 ** 23 - 1) * level * 32_767;
  });
};

function remember(sound: Int16Array): SoundMemory {
  const memory = createSoundMemory();
  for (let at = 0; at < sound.length; at += 320)
    memory.add((at * SAMPLE_RATE) / MIX_RATE, sound.subarray(at, at + 320));
  return memory;
}

/** How many of the word-long stretches of `own` from one moment to another are taken for the other's echo. */
function echoes(own: SoundMemory, other: SoundMemory, fromMs: number, toMs: number): { of: number; echoes: number } {
  const samples = (ms: number): number => ms * 48;
  let of = 0;
  let found = 0;
  for (let ms = fromMs; ms + 350 <= toMs; ms += 350, of++) {
    const [from, to] = [samples(ms - 100), samples(ms + 450)];
    if (isEcho(own.read(from, to), other.read(from - samples(ECHO_CALL_LAG_S * 1000), to + samples(ECHO_LAG_S * 1000))))
      found++;
  }
  return { of, echoes: found };
}

const interviewer = speak("please tell me what you did in your last project and why you decided it that way", "rms");
const candidate = speak("we had to start again from the beginning because the network failed every single day", "slt");
const ms = (sound: Int16Array): number => (sound.length * 1000) / MIX_RATE;

describe("the same sound in two tracks", () => {
  it.each([-20, -12, -6])("counts only where it is louder, at %d dB through the other's microphone", (db) => {
    const length = ms(interviewer) + 800;
    const a = remember(mix(length, { sound: interviewer, atMs: 200, level: 1 }));
    const b = remember(
      mix(
        length,
        { sound: interviewer, atMs: 350, level: decibels(db) },
        { sound: noise(length, 0.001), atMs: 0, level: 1 },
      ),
    );
    const [from, to] = [400, 200 + ms(interviewer) - 200];
    const heard = echoes(b, a, from + 150, to + 150);
    expect(heard.echoes / heard.of).toBeGreaterThanOrEqual(0.95);
    expect(echoes(a, b, from, to).echoes).toBe(0);
  });

  it("is found up to 300 ms sooner and 600 ms later, and upside down", () => {
    for (const delay of [-250, 40, 290, 590]) {
      const length = ms(interviewer) + 1_300;
      const a = remember(mix(length, { sound: interviewer, atMs: 400, level: 1 }));
      const b = remember(mix(length, { sound: interviewer, atMs: 400 + delay, level: -decibels(-20) }));
      const heard = echoes(b, a, 700 + delay, 200 + ms(interviewer) + delay);
      expect(heard.echoes / heard.of).toBeGreaterThanOrEqual(0.95);
    }
  });

  it("is found in a long stretch whose lag moves as a jitter buffer does", () => {
    const length = ms(interviewer) + 1_300;
    const whole = mix(length, { sound: interviewer, atMs: 200, level: 1 });
    const moved = new Int16Array(whole.length);
    for (let i = 0; i < moved.length; i++) {
      const lagMs = 250 + 30 * Math.floor(i / (0.6 * MIX_RATE));
      moved[i] = Math.round((whole[i - (lagMs * MIX_RATE) / 1000] ?? 0) * decibels(-20));
    }
    const [from, to] = [400 * 48, (ms(interviewer) + 200) * 48];
    const [own, other] = [remember(moved), remember(whole)];
    expect(isEcho(own.read(from, to), other.read(from - 600 * 48, to + 300 * 48))).toBe(true);
    expect(isEcho(other.read(from, to), own.read(from - 600 * 48, to + 300 * 48))).toBe(false);
  });

  it("is not the whole of a long stretch in which a word of one's own is louder", () => {
    const length = ms(interviewer) + 1_300;
    const own = mix(
      length,
      { sound: interviewer, atMs: 450, level: decibels(-20) },
      { sound: candidate.subarray(0, MIX_RATE / 2), atMs: 1_500, level: 0.7 },
    );
    const [from, to] = [600 * 48, (ms(interviewer) + 200) * 48];
    const whole = remember(mix(length, { sound: interviewer, atMs: 200, level: 1 }));
    expect(isEcho(remember(own).read(from, to), whole.read(from - 600 * 48, to + 300 * 48))).toBe(false);
  });

  it("costs nobody a word who speaks at the same time, with the other's echo under their own voice", () => {
    const length = ms(interviewer) + 800;
    const a = remember(mix(length, { sound: interviewer, atMs: 200, level: 1 }));
    const b = remember(
      mix(length, { sound: candidate, atMs: 200, level: 0.7 }, { sound: interviewer, atMs: 320, level: decibels(-20) }),
    );
    const to = 200 + Math.min(ms(interviewer), ms(candidate));
    expect(echoes(b, a, 300, to).echoes).toBe(0);
    expect(echoes(a, b, 300, to).echoes).toBe(0);
  });

  it("is not seen in silence", () => {
    const a = remember(mix(3_000, { sound: interviewer, atMs: 200, level: 1 }));
    expect(echoes(remember(new Int16Array(3 * MIX_RATE)), a, 300, 2_500).echoes).toBe(0);
  });
});
