/**
 * Offline speech as a call uses it: two people on two streams in real time through Deepgram's SDK (rehearse's own
 * scripts, spoken by flite), then sixty sentences of plain interview English by two voices as fast as they go.
 * Last numbers, two shared cores under a load of 5: word to first answer p50 64 ms, p95 288 ms (n = 188); end of
 * utterance to final p95 817 ms (n = 20); between interims p95 241 ms; CPU 0.18 s per second for both; word errors 1.6 %
 * in the scripts (n = 188), 8.0 % for slt and 4.2 % for rms (n = 573 each). After Opus at 32 kb/s 9.9 and 4.2 %, at a
 * twentieth of the loudness 10.1 and 5.4 %. Word starts are off by 8 ms at the median, 34 ms at p95 (n = 1079).
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLog } from "@verbatim/hands/log";
import { buildRecogniser, MODEL_DIR } from "../local/speech/build-recogniser.ts";
import { startListenServer } from "../local/speech/listen-server.ts";
import { startRecogniser } from "../local/speech/recogniser.ts";
import { type Listening, listen, wordErrors, wordsOf } from "../local/speech/test/listen.ts";
import { silence, speak } from "../local/speech/test/speak.ts";
import { readScript } from "../rehearse/voices.ts";

const folder = await mkdtemp(path.join(tmpdir(), "verbatim-bench-"));
const log = createLog("bench", "error");
try {
  const program = await buildRecogniser(folder);
  await using recogniser = await startRecogniser({ program, modelDir: MODEL_DIR, runDir: folder, log });
  await using server = await startListenServer({
    port: 0,
    recogniser,
    limits: { streams: 4, silenceLimitMs: 10_000 },
    log,
  });
  await inRealTime(server.port, recogniser.pid() ?? 0);
  for (const voice of ["slt", "rms"] as const) await accuracy(server.port, voice);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function inRealTime(port: number, pid: number): Promise<void> {
  const people = await Promise.all(
    [
      ["interviewer", "rms"],
      ["candidate", "slt"],
    ].map(async ([who, voice]) => {
      const script = await readFile(new URL(`../rehearse/scripts/${who}.txt`, import.meta.url), "utf8");
      const pcm = silence(76_000);
      const lines = readScript(script).filter(({ atSeconds }) => atSeconds < 73);
      for (const { atSeconds, text } of lines) {
        (await speak(text, voice === "rms" ? "rms" : "slt")).pcm.copy(pcm, Math.round(atSeconds * 16_000) * 2);
      }
      return { pcm, words: lines.flatMap(({ text }) => text.split(" ")) };
    }),
  );
  const clients = await Promise.all(people.map(() => listen(port)));
  await Promise.all(clients.map((client, index) => client.play(people[index]?.pcm ?? silence(0))));
  const cpuMs = await childrenCpuMs(pid);
  for (const client of clients) client.socket.sendCloseStream({ type: "CloseStream" });
  await Promise.all(clients.map((client) => client.closed));

  const words = clients.flatMap(wordLatencies);
  figure("offline speech, word to first answer p50", quantile(words, 0.5), "ms", words.length);
  figure("offline speech, word to first answer p95", quantile(words, 0.95), "ms", words.length);
  const finals = clients.flatMap((client) =>
    client.finals().flatMap((final) => {
      const last = wordsOf([final]).at(-1);
      return last ? [final.atMs - client.handedAtMs(last.end * 1000)] : [];
    }),
  );
  figure("offline speech, end of utterance to final p50", quantile(finals, 0.5), "ms", finals.length);
  figure("offline speech, end of utterance to final p95", quantile(finals, 0.95), "ms", finals.length);
  const gaps = clients.flatMap(interimGaps);
  figure("offline speech, between interims while speaking p95", quantile(gaps, 0.95), "ms", gaps.length);
  figure("offline speech, between interims while speaking, longest", Math.max(...gaps), "ms", gaps.length);
  figure("offline speech, CPU per second of two streams", (cpuMs / 76_000) * 1000, "ms/s", 1);
  const errors = clients.map((client, index) => wordErrors(people[index]?.words ?? [], heardWords(client)));
  const spoken = people.flatMap((person) => person.words).length;
  figure(
    "offline speech, word errors in rehearse's scripts",
    (errors.reduce((a, b) => a + b, 0) / spoken) * 100,
    "%",
    spoken,
  );
}

function heardWords(client: Listening): string[] {
  return wordsOf(client.finals()).map((word) => word.word);
}

/** From handing over the audio that ends a word to the first answer that holds it at its place. */
function wordLatencies(client: Listening): number[] {
  return wordsOf(client.finals()).flatMap((word) => {
    const first = client
      .results()
      .find((answer) =>
        wordsOf([answer]).some((each) => each.word === word.word && Math.abs(each.start - word.start) < 0.15),
      );
    return first ? [Math.max(0, first.atMs - client.handedAtMs(word.end * 1000))] : [];
  });
}

/** Within each utterance, from its first answer to its final. */
function interimGaps(client: Listening): number[] {
  const gaps: number[] = [];
  let before: number | undefined;
  for (const answer of client.results()) {
    if (wordsOf([answer]).length > 0 && before !== undefined) gaps.push(answer.atMs - before);
    before = answer.is_final || wordsOf([answer]).length === 0 ? undefined : answer.atMs;
  }
  return gaps;
}

async function accuracy(port: number, voice: "slt" | "rms"): Promise<void> {
  const text = await readFile(new URL("interview-sentences.txt", import.meta.url), "utf8");
  const sentences = text.trim().split("\n");
  const pieces = [];
  for (const sentence of sentences) pieces.push((await speak(sentence, voice)).pcm, silence(1_000));
  const pcm = Buffer.concat(pieces);
  const client = await listen(port);
  await client.play(pcm, { frameMs: 250, speed: 20 });
  client.socket.sendCloseStream({ type: "CloseStream" });
  await client.closed;
  const said = sentences.flatMap((sentence) => sentence.split(" "));
  figure(
    `offline speech, word errors, flite ${voice}`,
    (wordErrors(said, heardWords(client)) / said.length) * 100,
    "%",
    said.length,
  );
}

/** CPU time of the recogniser's streams so far. */
async function childrenCpuMs(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ");
  let ticks = 0;
  for (const child of children) {
    const fields = (await readFile(`/proc/${child}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function figure(name: string, ours: number, unit: string, n: number): void {
  console.log(
    JSON.stringify({ name, ours: Math.round(ours * 10) / 10, peer: null, peerName: null, unit, ratio: null, n }),
  );
}
