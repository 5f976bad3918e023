import { existsSync, mkdirSync, readlinkSync, rmdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { monotonicUs } from "@verbatim/hands/monotonic";
import { type InterviewId, type SeatId, trackId } from "@verbatim/shared/ids";
import { trackLog } from "@verbatim/shared/spool/format";
import { captureHere, secret } from "../../test/capture-here.ts";
import { audioTrack, oneSpeaker, recordingOfSteps, seatHere } from "../../test/call-samples.ts";
import { eventually } from "../../test/eventually.ts";
import { interviewOf, recordingOf, seatOf } from "../../test/spool-samples.ts";
import { startTapServer, type TapServer } from "../../test/tap-server.ts";
import { temporary } from "../../test/temporary.ts";
import { openRun } from "../spool/open-run.ts";
import { readRunHeader, runDirectories } from "../spool/runs.ts";
import type { Capture } from "./capture.ts";

let owned: AsyncDisposableStack;
let spool: string;
let sfu: TapServer;
/** Which error the disk answers with for files of which run; everything else reaches the real disk. */
let writeFault: (path: string) => string | undefined;
let syncFault: (path: string) => string | undefined;

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  spool = owned.use(temporary()).path;
  sfu = owned.use(await startTapServer({ secret }));
  writeFault = () => undefined;
  syncFault = () => undefined;
});
afterEach(() => owned.disposeAsync());

const fail = (code: string | undefined): void => {
  if (code) throw Object.assign(new Error(`${code}: the test's disk`), { code });
};
const pathOf = (fd: number): string => readlinkSync(`/proc/self/fd/${fd}`);

async function capture(): Promise<Capture> {
  return owned.use(
    await captureHere(spool, sfu.url, {
      file: {
        write(fd, bytes, from, length, position) {
          fail(writeFault(pathOf(fd)));
          return writeSync(fd, bytes, from, length, position);
        },
        async datasync(fd) {
          fail(syncFault(pathOf(fd)));
        },
      },
    }),
  );
}

const call = (n: number): InterviewId => tellSpeakers(n, [seatOf(200 + n)], [`p${n}`]);
const startUs = monotonicUs();

function tellSpeakers(n: number, seats: readonly SeatId[], producers: readonly string[]): InterviewId {
  const interviewId = interviewOf(100 + n);
  sfu.tell(
    oneSpeaker({
      interviewId,
      seats: seats.map((seatId) => seatHere(seatId)),
      tracks: seats.map((seatId, at) => audioTrack(seatId, producers[at]!)),
      recording: recordingOfSteps([["recording", startUs]], recordingOf(300 + n)),
    }),
  );
  return interviewId;
}
const dirsOf = (interviewId: InterviewId): string[] =>
  runDirectories(spool).filter((dir) => readRunHeader(dir)?.interviewId === interviewId);
function wordsOf(interviewId: InterviewId): string[] {
  return dirsOf(interviewId).flatMap((dir) => {
    using run = openRun(dir);
    const entries = run.look().tracks.flatMap((track) => track.entries);
    return entries.flatMap((entry) => (entry.type === "media" ? [Buffer.from(entry.payload).toString()] : []));
  });
}
const durable = (dir: string): number => {
  using run = openRun(dir);
  run.look();
  return run.durableSamples;
};
let timestamp = 0;
const say = (n: number, text: string): number =>
  sfu.send(`p${n}`, { timestamp: (timestamp += 960), payload: Buffer.from(text) });
const tapped = (n: number) => eventually(`p${n} is tapped`, () => sfu.openTaps(`p${n}`) > 0);

describe("capture on a bad disk", () => {
  it("frees its reserve when the disk is full, keeps what it cannot write, and leaves other interviews alone", async () => {
    const process = await capture();
    const reserve = join(spool, ".capture-1.reserve");
    await eventually("the reserve is there", () => existsSync(reserve));
    const [first, second] = [call(1), call(2)];
    await tapped(1);
    await tapped(2);
    say(1, "before");
    say(2, "before");
    await eventually("both written", () => wordsOf(first).length === 1 && wordsOf(second).length === 1);
    const [firstDir] = dirsOf(first);
    writeFault = (path) => (path.startsWith(firstDir!) ? "ENOSPC" : undefined);
    for (let n = 0; n < 20; n++) {
      say(1, `full ${n}`);
      say(2, `fine ${n}`);
    }
    await eventually("the other goes on", () => wordsOf(second).length === 21);
    await eventually("the reserve is freed", () => !existsSync(reserve));
    expect(process.counters.diskFaults).toBeGreaterThan(0);
    expect(wordsOf(first)).toEqual(["before"]);
    const [claimed] = [durable(firstDir!)];
    const beats = process.counters.heartbeats;
    await eventually("the other's heartbeats go on", () => process.counters.heartbeats > beats + 1);
    // What is not on the disk is not called durable.
    expect(durable(firstDir!)).toBe(claimed);
    writeFault = () => undefined;
    await eventually("nothing was lost", () => wordsOf(first).length === 21);
    await eventually("durable again", () => durable(firstDir!) > claimed);
  });

  it("goes on in a new run when a sync failed, since nobody can know what the old files hold", async () => {
    await capture();
    const interview = call(1);
    await tapped(1);
    say(1, "one");
    const [dir] = await eventually("written", () => wordsOf(interview).length === 1 && dirsOf(interview));
    let failed = false;
    syncFault = (path) => {
      if (failed || !path.startsWith(dir!) || !path.endsWith("-audio.spool")) return undefined;
      failed = true;
      return "EIO";
    };
    say(1, "two");
    await eventually("the sync failed", () => failed);
    const claimed = durable(dir!);
    await eventually("a new run", () => dirsOf(interview).length === 2);
    say(1, "three");
    await eventually("goes on", () => wordsOf(interview).includes("three"));
    expect(durable(dir!)).toBe(claimed);
    const fresh = dirsOf(interview).find((one) => one !== dir)!;
    expect(readRunHeader(fresh)!.startSamples).toBeGreaterThan(0);
    await eventually("and is durable there", () => durable(fresh) > readRunHeader(fresh)!.startSamples);
  });

  it("calls nothing durable while a track has no log, and writes all of it once it has", async () => {
    const process = await capture();
    const interview = call(1);
    await tapped(1);
    say(1, "before");
    const dir = await eventually("durable", () => dirsOf(interview).find((one) => durable(one) > 0));
    const second = seatOf(250);
    // What no log can be made of.
    const inTheWay = join(dir, trackLog(trackId(second, "audio")));
    mkdirSync(inTheWay);
    tellSpeakers(1, [seatOf(201), second], ["p1", "p2"]);
    await eventually("p2 is tapped", () => sfu.openTaps("p2") > 0);
    for (let n = 0; n < 20; n++) say(2, `held ${n}`);
    say(1, "goes on");
    await eventually("the first is written", () => wordsOf(interview).includes("goes on"));
    const claimed = durable(dir);
    const [skipped, beats] = [process.counters.heartbeatsSkipped, process.counters.heartbeats];
    await eventually("heartbeats are left out", () => process.counters.heartbeatsSkipped >= skipped + 3);
    expect(durable(dir)).toBe(claimed);
    expect(process.counters.heartbeats).toBe(beats);
    rmdirSync(inTheWay);
    await eventually("nothing was lost", () => wordsOf(interview).length === 22);
    await eventually("durable again", () => durable(dir) > claimed);
  });

  it("starts the run once there is room again, when there was none for its directory", async () => {
    await capture();
    writeFault = () => "ENOSPC";
    const interview = call(1);
    await tapped(1);
    say(1, "kept in memory");
    writeFault = () => undefined;
    await eventually("written", () => wordsOf(interview).length === 1);
  });
});

describe("capture after a stall of its own", () => {
  it("reads what waited in the kernel before it says that time has passed", async () => {
    const process = await capture();
    const interview = call(1);
    await tapped(1);
    say(1, "before");
    await eventually("written", () => wordsOf(interview).length === 1);
    for (let n = 0; n < 100; n++) say(1, `waiting ${n}`);
    // Nothing of this process runs meanwhile: the packets wait in the socket.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    await eventually("the stall was seen", () => process.counters.stalls === 1);
    expect(process.counters.heartbeatsSkipped).toBe(1);
    await eventually("everything is written", () => wordsOf(interview).length === 101);
    expect(process.counters.lost).toBe(0);
    const beats = process.counters.heartbeats;
    await eventually("heartbeats go on", () => process.counters.heartbeats > beats);
  });
});
