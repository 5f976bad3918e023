import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createLog } from "@verbatim/hands/log";
import { openStore } from "@verbatim/hands/store/open";
import { chunkKey } from "@verbatim/shared/recording/keys";
import type { ChunkRow, ManifestTrack } from "@verbatim/shared/recording/manifest";
import { assemble } from "../src/assemble/assemble.ts";
import { manifestOf, newIds, newRun, newTrack, seconds } from "../src/assemble/test/interview.ts";
import { temporary } from "../test/temporary.ts";

/**
 * Wall time from Stop to a stored master of 60 minutes: ours fetches, checks and decodes 240 Ogg Opus chunks of two
 * speakers, mixes them and encodes the master and one track for each; the peer is one ffmpeg that joins 120 mixed WAV
 * chunks and encodes them to the same bit rate. `node recorder/bench/assemble.bench.ts [minutes …]`.
 */
const run = promisify(execFile);
const ROUNDS = 2;
const CHUNK_S = 30;
const noVideo = ["-nostdin", "-v", "error", "-y"];

/** Two people who take turns, with breath and room noise between; 30 s of it. */
function voice(folder: string, name: "slt" | "rms", talksFirst: boolean): string {
  const file = join(folder, `${name}.wav`);
  const text =
    "please tell me about your last project and what was hard in it. We had to start again from the beginning, because the network failed every single day, and nobody knew why.";
  execFileSync("flite", ["-voice", name, "-t", text, "-o", join(folder, "said.wav")]);
  const at = talksFirst ? 500 : 15_500;
  const graph = `[0]adelay=${at}[v];anoisesrc=a=0.001:r=16000:seed=5[n];[v][n]amix=2:duration=longest:normalize=0`;
  const out = ["-t", String(CHUNK_S), "-ar", "16000", "-ac", "1", file];
  execFileSync("ffmpeg", [...noVideo, "-i", join(folder, "said.wav"), "-filter_complex", graph, ...out]);
  return file;
}

function opus(wav: string): Buffer {
  const out = wav.replace(".wav", ".ogg");
  const codec = ["-c:a", "libopus", "-b:a", "32k", "-application", "voip"];
  execFileSync("ffmpeg", [...noVideo, "-i", wav, "-ar", "48000", ...codec, out]);
  return readFileSync(out);
}

async function measure(minutes: number): Promise<void> {
  using dir = temporary();
  const store = await openStore({ kind: "disk", root: join(dir.path, "store") }, createLog("bench", "silent"));
  const ids = newIds();
  const runId = newRun();
  const tracks: ManifestTrack[] = [newTrack("interviewer"), newTrack("candidate")];
  const wavs = [voice(dir.path, "rms", true), voice(dir.path, "slt", false)];
  const count = (minutes * 60) / CHUNK_S;
  const chunks: ChunkRow[] = [];
  for (const [n, { trackId }] of tracks.entries()) {
    const content = opus(wavs[n]!);
    const sha256 = createHash("sha256").update(content).digest("hex");
    for (let seq = 0; seq < count; seq++) {
      const key = chunkKey({ ...ids, mediaType: "audio", runId, track: trackId, seq, ext: "ogg" });
      await store.put(key, content, { sha256, contentType: "audio/ogg" });
      chunks.push({
        key,
        mediaType: "audio",
        runId,
        track: trackId,
        seq,
        startSamples: seconds(seq * CHUNK_S),
        endSamples: seconds((seq + 1) * CHUNK_S),
        bytes: content.length,
        sha256,
        source: "live",
        gaps: [],
        previousSha256: null,
      });
    }
  }
  const mixes = join(dir.path, "mix");
  mkdirSync(mixes);
  const both = ["-i", wavs[0]!, "-i", wavs[1]!, "-filter_complex", "amix=2:normalize=0"];
  execFileSync("ffmpeg", [...noVideo, ...both, join(mixes, "0.wav")]);
  const mixed = readFileSync(join(mixes, "0.wav"));
  for (let seq = 1; seq < count; seq++) writeFileSync(join(mixes, `${seq}.wav`), mixed);
  const list = join(dir.path, "list.txt");
  writeFileSync(list, Array.from({ length: count }, (_, seq) => `file '${join(mixes, `${seq}.wav`)}'`).join("\n"));

  const manifest = manifestOf({ ids, tracks, chunks, endSamples: seconds(minutes * 60) });
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cpu = process.cpuUsage();
    let begun = performance.now();
    // People wait for the master; the speakers' files are made behind it and are not the peer's work.
    const onMaster = async (): Promise<void> => void ours.push(performance.now() - begun);
    const made = await assemble(
      { ...manifest, revision: round + 1 },
      { store, workFolder: dir.path, onMaster },
      new AbortController().signal,
    );
    const { user, system } = process.cpuUsage(cpu);
    if (made.state !== "complete") throw new Error("The assembly has gaps");
    console.log(`  round ${round + 1}: ${Math.round((user + system) / 1000)} ms CPU`);
    begun = performance.now();
    const out = join(dir.path, "peer.mp3");
    await run("ffmpeg", [
      ...noVideo,
      "-f",
      "concat",
      "-safe",
      "0",
      "-i",
      list,
      "-c:a",
      "libmp3lame",
      "-b:a",
      "64k",
      out,
    ]);
    peer.push(performance.now() - begun);
  }
  const best = (values: number[]): number => Math.min(...values);
  console.log(
    JSON.stringify({
      name: `Stop to master, ${minutes} min`,
      ours: Math.round(best(ours)),
      peer: Math.round(best(peer)),
      peerName: "ffmpeg concat re-encode",
      unit: "ms",
      ratio: best(ours) / best(peer),
      n: ROUNDS,
    }),
  );
}

const wanted = process.argv.slice(2).map(Number);
for (const minutes of wanted.length > 0 ? wanted : [60]) await measure(minutes);
