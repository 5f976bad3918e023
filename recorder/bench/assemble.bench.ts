import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createLog } from "@verbatim/hands/log";
import { signManifest } from "@verbatim/hands/manifest-signature";
import { openStore } from "@verbatim/hands/store/open";
import { chunkKey } from "@verbatim/shared/recording/keys";
import type { ChunkRow, Manifest, ManifestTrack } from "@verbatim/shared/recording/manifest";
import { assemble } from "../src/assemble/assemble.ts";
import { createPreparations } from "../src/assemble/preparations.ts";
import { manifestOf, newIds, newRun, newTrack, seconds } from "../src/assemble/test/interview.ts";
import { temporary } from "../test/temporary.ts";

/**
 * Wall time from the assembler's order to a stored master of 60 minutes (before it the last chunk is stored; a rehearsal's
 * `stopToMasterMs` has all of it): ours fetches, checks and decodes Ogg Opus chunks of two
 * speakers, mixes them and encodes them; the peer is one ffmpeg that joins 120 mixed WAV chunks and encodes them to
 * the same bit rate. Once as it is in an interview, where all but the last minute was encoded before Stop, and once
 * by an assembler that was killed just before and begins anew. `node recorder/bench/assemble.bench.ts [minutes …]`.
 */
const run = promisify(execFile);
const ROUNDS = 2;
const CHUNK_S = 30;
/** A slot is prepared when the one behind it is stored, so at most two of them are left at Stop. */
const LEFT_S = 2 * CHUNK_S;
const SECRET = "b".repeat(32);
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
  const signal = new AbortController().signal;
  const endSamples = seconds(minutes * 60);
  const untilSamples = endSamples - seconds(LEFT_S);
  const draft: Manifest = { ...manifest, endSamples: untilSamples, kept: [{ from: 0, to: untilSamples }] };
  const log = createLog("bench", "silent");
  const workFolder = dir.path;
  const peer: number[] = [];
  const times = { prepared: [] as number[], anew: [] as number[] };
  let revision = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ["prepared", "anew"] as const) {
      await using preparations = createPreparations({ store, secret: SECRET, workFolder, log, now: () => 0 });
      if (way === "prepared") await preparations.extend({ untilSamples, signed: signManifest(SECRET, draft) }, signal);
      const begun = performance.now();
      // People wait for the master; the speakers' files are made behind it and are not the peer's work.
      const onMaster = async (): Promise<void> => void times[way].push(performance.now() - begun);
      const master = await preparations.take(manifest.recordingId, revision + 1);
      const asked = { ...manifest, revision: ++revision };
      const made = await assemble(asked, { store, workFolder, begun: master, onMaster }, signal);
      if (made.state !== "complete") throw new Error("The assembly has gaps");
    }
    const begun = performance.now();
    const input = ["-f", "concat", "-safe", "0", "-i", list];
    await run("ffmpeg", [...noVideo, ...input, "-c:a", "libmp3lame", "-b:a", "64k", join(dir.path, "peer.mp3")]);
    peer.push(performance.now() - begun);
  }
  const best = (values: number[]): number => Math.min(...values);
  const figure = (name: string, ours: number[]): void =>
    console.log(
      JSON.stringify({
        name,
        ours: Math.round(best(ours)),
        peer: Math.round(best(peer)),
        peerName: "ffmpeg concat re-encode",
        unit: "ms",
        ratio: best(ours) / best(peer),
        n: ROUNDS,
      }),
    );
  figure(`Stop to master, ${minutes} min`, times.prepared);
  figure(`Stop to master, ${minutes} min, assembler killed before`, times.anew);
}

const wanted = process.argv.slice(2).map(Number);
for (const minutes of wanted.length > 0 ? wanted : [60]) await measure(minutes);
