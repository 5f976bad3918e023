import { execFileSync } from "node:child_process";

/** Runs ffmpeg on bytes; throws with what it said when it fails. */
export function ffmpeg(input: Uint8Array, ...args: string[]): Buffer {
  return execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...args.slice(0, -1), args.at(-1) ?? "-"], {
    input,
    maxBuffer: 1 << 28,
  });
}

/** Decodes a whole file as ffmpeg plays it: 16-bit mono at `rate`. Any complaint is a failure. */
export function play(file: Uint8Array, rate = 48_000): Int16Array {
  const pcm = ffmpeg(file, "-xerror", "-i", "pipe:0", "-ac", "1", "-ar", String(rate), "-f", "s16le", "pipe:1");
  return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
}

/**
 * 20 ms Opus packets as a browser sends speech, of a source (an ffmpeg audio filter without spaces) that begins at the
 * first packet; sound comes out of them later by the encoder's delay of 6.5 ms.
 */
export function opusPackets(source: string, seconds: number): Buffer[] {
  const from = `-nostdin -v error -f lavfi -i ${source} -t ${seconds} -ar 48000 -ac 1`.split(" ");
  const to = "-c:a libopus -b:a 32k -application voip -frame_duration 20 -f ogg pipe:1".split(" ");
  const ogg = execFileSync("ffmpeg", [...from, ...to], { maxBuffer: 1 << 28 });
  return oggPackets(ogg).slice(2);
}

/** The packets of an Ogg file. */
export function oggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let rest: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const laces = file.subarray(at + 27, at + 27 + file[at + 26]!);
    at += 27 + laces.length;
    for (const lace of laces) {
      rest.push(file.subarray(at, at + lace));
      at += lace;
      if (lace < 255) {
        packets.push(Buffer.concat(rest));
        rest = [];
      }
    }
  }
  return packets;
}

/** Where bursts of sound begin, ms: the first sample above `level` after 100 ms of less. */
export function onsets(samples: Int16Array, rate: number, level = 3_000): number[] {
  const found: number[] = [];
  let quiet = rate;
  for (const [index, sample] of samples.entries()) {
    if (Math.abs(sample) < level) quiet += 1;
    else {
      if (quiet > rate / 10) found.push((index * 1000) / rate);
      quiet = 0;
    }
  }
  return found;
}

/** 50 ms of tone at the start of every second. */
export const beeps = (frequency = 1000): string =>
  `aevalsrc='if(lt(mod(t,1),0.05),0.6*sin(2*PI*${frequency}*t),0)':s=48000`;
