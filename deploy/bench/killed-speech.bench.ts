/**
 * Speech recognition killed again and again: the built-in talk is held twice, the second time with the speech server's connections
 * cut and turned away for two seconds, twenty times. How many of the words of the first transcript stand in the second, by edit
 * distance per speaker, and how many lie inside gaps. The two recordings are two calls: their sound differs a little too, and so
 * may what is understood.
 * Last numbers, 570 s on two shared cores with one observer: 0.86 % of 1,393 words differ, every one understood otherwise and none
 * missing or said twice (594 and 594, 799 and 799); 0 inside gaps. n = 1.
 * `node deploy/bench/killed-speech.bench.ts [seconds] [times]`; twice the seconds and three minutes.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wordErrors } from "../local/speech/test/listen.ts";
import { readArguments } from "../rehearse/arguments.ts";
import { rehearse } from "../rehearse/rehearse.ts";
import type { Speaker } from "../rehearse/report.ts";
import { plain } from "../rehearse/word-timing.ts";
import { Transcript } from "../e2e/rehearsed.ts";

const [seconds = 600, times = 20] = process.argv.slice(2).map(Number);
const DOWN_SECONDS = 2;
const FIRST_AT = 20;
/** The last one leaves the talk as long as lies between two. */
const apart = (seconds - FIRST_AT) / times;
const faults = Array.from({ length: times }, (_, n) => [
  "--fault",
  `stt-down@${Math.round(FIRST_AT + n * apart)}+${DOWN_SECONDS}`,
]).flat();

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort(new Error("Stopped.")));
const [whole, killed] = [await words([]), await words(faults)];
let [differ, said] = [0, 0];
for (const speaker of ["interviewer", "candidate"] as const) {
  const errors = wordErrors(whole.of[speaker], killed.of[speaker]);
  differ += errors;
  said += whole.of[speaker].length;
  console.error(`${speaker}: ${errors} differ\n${whole.of[speaker].join(" ")}\n${killed.of[speaker].join(" ")}`);
}
figure("words that differ from the uninterrupted talk's", (differ / said) * 100, "%", said);
figure("words inside gaps", killed.inGaps, "words", said);

type Heard = { readonly of: Readonly<Record<Speaker, readonly string[]>>; readonly inGaps: number };

/** Holds the talk; answers its final words, as they are written without capitals and signs. */
async function words(breaking: readonly string[]): Promise<Heard> {
  const out = await mkdtemp(join(tmpdir(), "verbatim-bench-"));
  try {
    const options = readArguments(["--out", out, "--observers", "1", "--seconds", String(seconds), ...breaking]);
    const { recording } = await rehearse(options, process.env, (line) => console.error(line), stop.signal);
    const segments = Transcript.parse(JSON.parse(await readFile(join(out, "transcript.json"), "utf8")));
    const of = (speaker: Speaker): string[] =>
      segments.flatMap((each) => (each.role === speaker ? each.words.flatMap(({ text }) => plain(text)) : []));
    const inGaps = recording.gaps.flatMap(({ speaker, startMs, endMs }) =>
      segments.flatMap((each) =>
        each.role === speaker ? each.words.filter((word) => word.startMs < endMs && word.endMs > startMs) : [],
      ),
    );
    return { of: { interviewer: of("interviewer"), candidate: of("candidate") }, inGaps: inGaps.length };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function figure(name: string, ours: number, unit: string, n: number): void {
  name = `speech killed ${times} times: ${name}`;
  console.log(
    JSON.stringify({ name, ours: Number(ours.toFixed(2)), peer: null, peerName: null, unit, ratio: null, n }),
  );
}
