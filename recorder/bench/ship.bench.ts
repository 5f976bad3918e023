import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SCRIBE_DONE } from "../src/ship/run-shipper.ts";
import { runDirectories } from "../src/spool/runs.ts";
import { startCaptureProcess } from "../test/capture-process.ts";
import { eventually } from "../test/eventually.ts";
import { SERVICE_SECRET, startEventsServer } from "../test/events-server.ts";
import { runOf, seatOf } from "../test/spool-samples.ts";
import { syntheticRun } from "../test/synthetic-run.ts";
import { startTapServer } from "../test/tap-server.ts";
import { temporary } from "../test/temporary.ts";
import { cpuMs } from "./cpu.ts";
import { startFfmpegPeer } from "./ffmpeg-peer.ts";
import { interviewStreams, recordedCalls, sendInterviews, voices } from "./packets.ts";

/**
 * CPU for one recorded second of one interview: capture and ship together (SRTP in, spool, fsync, decode, mix, chunks per
 * speaker, store, read back) against one ffmpeg per interview on the same packets (plain RTP in, mix out). Both run at
 * the same time, warm, over 30 s that hold exactly one 30 s chunk each. `node recorder/bench/ship.bench.ts [interviews …]`.
 *
 * Measured on a busy machine of 2 cores: 0.92 to 1.25 of ffmpeg at 8 (4 runs), 0.99 at 20 and 1.75 at 1 (one run each).
 * About half to two thirds are capture's, and six tenths of that are waking for single packets and reading them: to open
 * one takes 2.2 µs in a loop, some 12 µs when each comes alone. Half of ship's is libopus.
 */
/** The whole chunk closes in the middle of what is measured. */
const WARM_SECONDS = 20;
const MEASURED_SECONDS = 30;
const WARM_UP_SECONDS = 240;
/** Before that capture has had as many packets as one interview gives in five minutes. */
const EARLIER = { interviews: 20, seconds: 15, first: 100 };
/** ffmpeg throws away what it reads before it knows its inputs, and what it holds at its end: less work, in its favour. */
const PEER_LEAST = 0.85;
/** A sender on a busy machine stalls, and ship says so. */
const LOST_MOST = 0.01;
/** Start lies this far back, so that a first, short chunk warms ship up and the next is a whole one. */
const HEAD_START_SECONDS = 25;

async function measure(interviews: number): Promise<{ ours: number; peer: number }> {
  await using owned = new AsyncDisposableStack();
  const dir = owned.use(temporary()).path;
  const sfu = owned.use(await startTapServer({ secret: SERVICE_SECRET }));
  const events = owned.use(await startEventsServer());
  const streams = interviewStreams(interviews);
  mkdirSync(join(dir, "peer"));
  const spool = join(dir, "spool");
  const capture = owned.use(startCaptureProcess({ SPOOL_DIR: spool, SERVICE_SECRET, SFU_INTERNAL_URL: sfu.url }));
  // Recordings that are over, to get warm on: compiling what is hot counts once in a process' life.
  const speech = voices(20);
  const before = syntheticRun({
    spoolDir: spool,
    voices: speech.map((packets, n) => ({
      seat: seatOf(n + 1),
      packets: Array.from({ length: WARM_UP_SECONDS * 50 }, (_, at) => packets[at % packets.length]!),
    })),
    runId: runOf(1),
  });
  before.control({ to: "recording", atMs: 0 });
  before.writeTo(WARM_UP_SECONDS * 1000);
  before.end(WARM_UP_SECONDS * 1000);
  const ship = spawn(process.execPath, [new URL("../src/ship-main.ts", import.meta.url).pathname], {
    env: {
      PATH: process.env["PATH"],
      SERVICE_SECRET,
      SPOOL_DIR: spool,
      STORE_DIR: join(dir, "store"),
      API_INTERNAL_URL: events.url,
      SHIP_OPS_PORT: "0",
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  owned.defer(async () => {
    const exited = once(ship, "exit");
    ship.kill("SIGKILL");
    await exited;
  });
  const warm = WARM_UP_SECONDS * 48_000;
  await eventually("ship is warm", () => events.alive.some(({ storedSamples }) => storedSamples === warm), 60_000);
  const earlier = interviewStreams(EARLIER.interviews, EARLIER.first);
  for (const call of recordedCalls(earlier)) sfu.tell(call);
  await eventually(
    "earlier streams are tapped",
    () => earlier.every(({ producerId }) => sfu.openTaps(producerId) === 1),
    60_000,
  );
  await sendInterviews({
    streams: earlier,
    voices: speech,
    seconds: EARLIER.seconds,
    send: (stream, packet) => void sfu.send(stream.producerId, packet),
  });
  for (const { interviewId } of recordedCalls(earlier)) sfu.callGone(interviewId);
  // The scribe is past them: nothing of what is over costs anything while the others are measured.
  for (const run of runDirectories(spool)) writeFileSync(join(run, SCRIBE_DONE), "");
  await eventually("the spool is empty", () => runDirectories(spool).length === 0, 60_000);
  const warmedUp = events.chunks.length;
  // Everybody is there before Start, as in an interview.
  for (const call of recordedCalls(streams)) sfu.tell({ ...call, recording: null });
  await eventually(
    "every stream is tapped",
    () => streams.every(({ producerId }) => sfu.openTaps(producerId) === 1),
    60_000,
  );
  // ffmpeg gives up after 10 s without a packet, so it begins last.
  const peer = owned.use(await startFfmpegPeer(streams, join(dir, "peer")));
  for (const call of recordedCalls(streams)) {
    const { recording } = call;
    if (!recording?.clock) throw new Error("not recorded");
    const startUs = recording.clock.startUs - HEAD_START_SECONDS * 1_000_000;
    const transitions = recording.transitions.map((step) => ({ ...step, atUs: startUs }));
    sfu.tell({ ...call, recording: { ...recording, transitions, clock: { ...recording.clock, startUs } } });
  }
  const sending = sendInterviews({
    streams,
    voices: speech,
    seconds: WARM_SECONDS + MEASURED_SECONDS + 2,
    send: (stream, packet, n) => {
      sfu.send(stream.producerId, packet);
      peer.send(stream, packet, n);
    },
  });
  const ourPids = [capture.child.pid ?? 0, ship.pid ?? 0];
  const used = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  await delay(WARM_SECONDS * 1000);
  const begin = [used(ourPids), used(peer.pids)] as const;
  const split = ourPids.map(cpuMs);
  await delay(MEASURED_SECONDS * 1000);
  const after = [used(ourPids), used(peer.pids)] as const;
  const [captured, shipped] = ourPids.map((pid, n) => (cpuMs(pid) - split[n]!) / MEASURED_SECONDS / interviews);
  await sending;

  // A figure counts only when both did the work.
  const whole = () =>
    events.chunks.slice(warmedUp).filter(({ startSamples, endSamples }) => endSamples - startSamples === 30 * 48_000);
  await eventually("a whole chunk of every speaker and mix", () => whole().length === interviews * 3, 20_000);
  const wanted = whole();
  const missing = wanted.flatMap(({ gaps }) => gaps).reduce((sum, gap) => sum + gap.endSamples - gap.startSamples, 0);
  const recorded = wanted.length * 30 * 48_000;
  if (missing > LOST_MOST * recorded)
    throw new Error(`${((100 * missing) / recorded).toFixed(1)} % of the sound is missing`);
  const durations = await peer.finish();
  const least = Math.min(...durations);
  if (durations.length !== interviews || least < PEER_LEAST * (WARM_SECONDS + MEASURED_SECONDS)) {
    throw new Error(`ffmpeg wrote ${least} s in ${durations.length} recordings`);
  }
  console.log(`  capture ${captured?.toFixed(2)} + ship ${shipped?.toFixed(2)} ms/s at ${interviews}`);
  const per = interviews * MEASURED_SECONDS;
  return { ours: (after[0] - begin[0]) / per, peer: (after[1] - begin[1]) / per };
}

const wanted = process.argv.slice(2).map(Number);
for (const interviews of wanted.length > 0 ? wanted : [1, 8, 20]) {
  const { ours, peer } = await measure(interviews);
  const figure = {
    name: `recording, CPU per interview-second, ${interviews} at once`,
    ours,
    peer,
    peerName: "ffmpeg per interview",
    unit: "ms",
    ratio: ours / peer,
    n: interviews * MEASURED_SECONDS,
  };
  console.log(JSON.stringify(figure));
}
