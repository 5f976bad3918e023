import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "../test/eventually.ts";
import { startCaptureProcess } from "../test/capture-process.ts";
import { startTapServer } from "../test/tap-server.ts";
import { temporary } from "../test/temporary.ts";
import { openRun } from "../src/spool/open-run.ts";
import { runDirectories } from "../src/spool/runs.ts";
import { cpuMs } from "./cpu.ts";
import { interviewStreams, recordedCalls, sendInterviews, withCameras } from "./packets.ts";

export type CaptureLoad = {
  readonly interviews: number;
  readonly seconds: number;
  /** CPU of the capture process for one second of one interview. */
  readonly cpuMsPerInterviewSecond: number;
  /** The same of a process that only receives the same packets, at the same time: no recorder in Node can cost less. */
  readonly bareMsPerInterviewSecond: number;
  /** CPU of the capture process for 100 packets. */
  readonly cpuMsPer100Packets: number;
  readonly bareMsPer100Packets: number;
  readonly sent: number;
  readonly written: number;
};

/** Compiling what is hot costs a new process some 0.3 s of CPU, spread over its first half minute at one interview. */
const WARM_SECONDS = 10;

/** Runs the capture process on `interviews` interviews of two speakers and measures its CPU after it is warm. */
export async function measureCapture(options: {
  readonly interviews: number;
  readonly seconds: number;
  readonly voices: readonly (readonly Buffer[])[];
  /** Packets of cameras, which are on then. */
  readonly camera?: readonly Buffer[];
}): Promise<CaptureLoad> {
  const { interviews, seconds, voices, camera } = options;
  await using owned = new AsyncDisposableStack();
  const spool = owned.use(temporary()).path;
  const secret = "b".repeat(32);
  const sfu = owned.use(await startTapServer({ secret }));
  const streams = camera ? withCameras(interviewStreams(interviews)) : interviewStreams(interviews);
  for (const call of recordedCalls(streams)) sfu.tell(call);
  const capture = owned.use(
    startCaptureProcess({ SPOOL_DIR: spool, SERVICE_SECRET: secret, SFU_INTERNAL_URL: sfu.url }),
  );
  await eventually("every stream is tapped", () => streams.every(({ producerId }) => sfu.openTaps(producerId) === 1));
  const pid = capture.child.pid ?? 0;
  const bare = spawn(
    process.execPath,
    [fileURLToPath(new URL("./bare-receiver-main.ts", import.meta.url)), String(streams.length)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  owned.defer(() => void bare.kill("SIGKILL"));
  const [line] = (await once(bare.stdout, "data")) as [Buffer];
  const ports = JSON.parse(line.toString()) as number[];
  const portOf = new Map(streams.map(({ producerId }, n) => [producerId, ports[n] ?? 0]));
  const udp = createSocket("udp4");
  owned.defer(() => void udp.close());
  const barePid = bare.pid ?? 0;
  const sending = sendInterviews({
    streams,
    voices,
    ...(camera && { camera }),
    seconds: seconds + WARM_SECONDS + 1,
    send: (stream, packet) => {
      sfu.send(stream.producerId, packet);
      udp.send(packet.payload, portOf.get(stream.producerId) ?? 0, "127.0.0.1");
    },
  });
  await delay(WARM_SECONDS * 1000);
  const beganMs = performance.now();
  const before = cpuMs(pid);
  const bareBefore = cpuMs(barePid);
  await delay(seconds * 1000);
  const used = cpuMs(pid) - before;
  const bareUsed = cpuMs(barePid) - bareBefore;
  const tookSeconds = (performance.now() - beganMs) / 1000;
  const sent = await sending;
  await capture.terminate();
  let written = 0;
  for (const dir of runDirectories(spool)) {
    using run = openRun(dir);
    for (let news = run.look(); ; news = run.look()) {
      for (const { entries } of news.tracks) written += entries.filter(({ type }) => type === "media").length;
      if (!news.more) break;
    }
  }
  const hundreds = (sent * tookSeconds) / (seconds + WARM_SECONDS + 1) / 100;
  return {
    interviews,
    seconds: tookSeconds,
    cpuMsPerInterviewSecond: used / tookSeconds / interviews,
    cpuMsPer100Packets: used / hundreds,
    bareMsPer100Packets: bareUsed / hundreds,
    bareMsPerInterviewSecond: bareUsed / tookSeconds / interviews,
    sent,
    written,
  };
}
