import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { monotonicUs } from "@verbatim/hands/monotonic";
import { oneSpeaker, recordingOfSteps } from "../test/call-samples.ts";
import { secret } from "../test/capture-here.ts";
import { startCaptureProcess, type CaptureProcess } from "../test/capture-process.ts";
import { eventually } from "../test/eventually.ts";
import { startTapServer, type TapServer } from "../test/tap-server.ts";
import { temporary } from "../test/temporary.ts";
import { openRun } from "./spool/open-run.ts";
import { runDirectories } from "./spool/runs.ts";

/** On a quiet machine 20 ms are enough for a packet to be in its file; here others may have the processors. */
const ARRIVED_US = 150_000;
let owned: AsyncDisposableStack;
let spool: string;
let sfu: TapServer;

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  spool = owned.use(temporary()).path;
  sfu = owned.use(await startTapServer({ secret }));
});
afterEach(() => owned.disposeAsync());

const start = (changes: Readonly<Record<string, string>> = {}): CaptureProcess =>
  owned.use(startCaptureProcess({ SPOOL_DIR: spool, SERVICE_SECRET: secret, SFU_INTERNAL_URL: sfu.url, ...changes }));

/** Speaks numbered packets every 20 ms and knows when each was sent. */
function speak(): { readonly sentUs: Map<number, number>; stop(): void } {
  const sentUs = new Map<number, number>();
  let n = 0;
  const timer = setInterval(() => {
    const payload = Buffer.alloc(80);
    payload.writeUInt32BE(n);
    if (sfu.send("p1", { timestamp: n * 960, payload }) > 0) sentUs.set(n, monotonicUs());
    n += 1;
  }, 20);
  const stop = (): void => clearInterval(timer);
  owned.defer(stop);
  return { sentUs, stop };
}

type Seen = { readonly startSamples: number; readonly words: Set<number>; readonly end: string | undefined };
function runs(): Seen[] {
  return runDirectories(spool).map((dir) => {
    using run = openRun(dir);
    const entries = run.look().tracks.flatMap((track) => track.entries);
    const media = entries.flatMap((entry) =>
      entry.type === "media" ? [Buffer.from(entry.payload).readUInt32BE(0)] : [],
    );
    return { startSamples: run.header!.startSamples, words: new Set(media), end: run.ended?.reason };
  });
}
const allWords = (): Set<number> => new Set(runs().flatMap(({ words }) => [...words]));

describe("the capture process", () => {
  it("killed at random moments keeps every packet that had come before, and is back at once", {
    timeout: 120_000,
  }, async () => {
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    sfu.tell(oneSpeaker({ recording }));
    const speaking = speak();
    const gapsMs: number[] = [];
    const bareMs: number[] = [];
    for (let round = 0; round < 3; round++) {
      const first = start();
      await eventually("words of this run", () => runs().some(({ end, words }) => !end && words.size > 5));
      await delay(Math.random() * 400);
      const killedUs = monotonicUs();
      await first.kill();
      const held = allWords();
      const missing = [...speaking.sentUs].filter(([word, atUs]) => {
        const tapped = [...held].some((one) => one <= word);
        return tapped && atUs < killedUs - ARRIVED_US && atUs > killedUs - 400_000 && !held.has(word);
      });
      expect(missing).toEqual([]);
      // What belongs to the dead process' tap is not sent to the next one's.
      sfu.closeProducer("p1");
      const before = held.size;
      const beganMs = performance.now();
      const next = start();
      await eventually("recording again", () => allWords().size > before);
      gapsMs.push(performance.now() - beganMs);
      const bareBeganMs = performance.now();
      execFileSync(process.execPath, ["-e", ""]);
      bareMs.push(performance.now() - bareBeganMs);
      await eventually("the old run is ended", () => runs().filter(({ end }) => !end).length === 1);
      await next.kill();
      sfu.closeProducer("p1");
    }
    speaking.stop();
    const open = runs();
    expect(open.filter(({ end }) => end === "recovered").length).toBe(open.length - 1);
    const median = (list: number[]): number => list.toSorted((a, b) => a - b)[1]!;
    console.log(
      `back after a kill: median ${median(gapsMs).toFixed(0)} ms, bare node ${median(bareMs).toFixed(0)} ms (n=3)`,
    );
    // Half a second on a quiet machine. On a busy one everything is slower, a bare node too.
    expect(median(gapsMs)).toBeLessThan(Math.max(1_500, 25 * median(bareMs)));
  });

  it("asked to end, flushes, ends its runs and exits with 0 within two seconds", async () => {
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    const capture = start();
    const speaking = speak();
    await eventually("words", () => allWords().size > 5);
    speaking.stop();
    const beganMs = performance.now();
    expect(await capture.terminate()).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(runs().map(({ end }) => end)).toEqual(["shutdown"]);
    expect(readdirSync(spool).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  it("answers readiness and metrics on loopback", async () => {
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    const capture = start();
    speak();
    await eventually("words", () => allWords().size > 5);
    expect((await capture.ops("/readyz")).status).toBe(200);
    const { text } = await capture.ops("/metrics");
    expect(text).toMatch(/^capture_open_runs 1$/m);
    expect(Number(/^capture_packets_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(5);
    await sfu[Symbol.asyncDispose]();
    await eventually("not ready", async () => (await capture.ops("/readyz")).status === 503);
    expect((await capture.ops("/healthz")).status).toBe(200);
  });

  it("is refused beside a living one of the same instance, and runs beside one of another", async () => {
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    start();
    await eventually("a run", () => runs().length === 1);
    const second = start();
    await eventually("refused", () => second.child.exitCode === 1);
    expect(second.logLines.join()).toContain("Another capture");
    start({ CAPTURE_INSTANCE: "capture-2" });
    await eventually("the twin's run", () => readdirSync(join(spool)).includes("capture-2") && runs().length === 2);
    speak();
    await eventually("both hold the same words", () => {
      const [a, b] = runs();
      return a!.words.size > 10 && [...a!.words].filter((word) => b!.words.has(word)).length > 10;
    });
  });

  it("without its configuration names every fault and ends", async () => {
    const capture = owned.use(startCaptureProcess({}));
    await eventually("ended", () => capture.child.exitCode !== null);
    expect(capture.logLines.join("\n")).toMatch(/SERVICE_SECRET.*\n.*SPOOL_DIR/);
  });
});
