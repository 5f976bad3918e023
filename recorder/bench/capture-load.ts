import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "../test/eventually.ts";
import { startCaptureProcess } from "../test/capture-process.ts";
import { startTapServer } from "../test/tap-server.ts";
import { temporary } from "../test/temporary.ts";
import { openRun } from "../src/spool/open-run.ts";
import { runDirectories } from "../src/spool/runs.ts";
import { cpuMs } from "./cpu.ts";
import { interviewStreams, recordedCalls, sendInterviews } from "./packets.ts";

export type CaptureLoad = {
  readonly interviews: number;
  readonly seconds: number;
  /** CPU of the capture process for one second of one interview. */
  readonly cpuMsPerInterviewSecond: number;
  readonly sent: number;
  readonly written: number;
};

const WARM_SECONDS = 3;

/** Runs the capture process on `interviews` interviews of two speakers and measures its CPU after it is warm. */
export async function measureCapture(options: {
  readonly interviews: number;
  readonly seconds: number;
  readonly voices: readonly (readonly Buffer[])[];
}): Promise<CaptureLoad> {
  const { interviews, seconds, voices } = options;
  await using owned = new AsyncDisposableStack();
  const spool = owned.use(temporary()).path;
  const secret = "b".repeat(32);
  const sfu = owned.use(await startTapServer({ secret }));
  const streams = interviewStreams(interviews);
  for (const call of recordedCalls(streams)) sfu.tell(call);
  const capture = owned.use(
    startCaptureProcess({ SPOOL_DIR: spool, SERVICE_SECRET: secret, SFU_INTERNAL_URL: sfu.url }),
  );
  await eventually("every stream is tapped", () => streams.every(({ producerId }) => sfu.openTaps(producerId) === 1));
  const pid = capture.child.pid ?? 0;
  const sending = sendInterviews({
    streams,
    voices,
    seconds: seconds + WARM_SECONDS + 1,
    send: (stream, packet) => void sfu.send(stream.producerId, packet),
  });
  await delay(WARM_SECONDS * 1000);
  const beganMs = performance.now();
  const before = cpuMs(pid);
  await delay(seconds * 1000);
  const used = cpuMs(pid) - before;
  const tookSeconds = (performance.now() - beganMs) / 1000;
  const perStream = await sending;
  await capture.terminate();
  let written = 0;
  for (const dir of runDirectories(spool)) {
    using run = openRun(dir);
    for (let news = run.look(); ; news = run.look()) {
      for (const { entries } of news.tracks) written += entries.filter(({ type }) => type === "media").length;
      if (!news.more) break;
    }
  }
  return {
    interviews,
    seconds: tookSeconds,
    cpuMsPerInterviewSecond: used / tookSeconds / interviews,
    sent: perStream * streams.length,
    written,
  };
}
