import { readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { monotonicUs } from "@verbatim/hands/monotonic";
import { signServiceToken } from "@verbatim/hands/service-token";
import { captureHere, secret } from "../../test/capture-here.ts";
import { audioTrack, cameraTrack, oneSpeaker, recordingOfSteps, seatHere } from "../../test/call-samples.ts";
import { eventually } from "../../test/eventually.ts";
import { interviewOf, recordingOf, seatOf } from "../../test/spool-samples.ts";
import { startTapServer, type TapServer } from "../../test/tap-server.ts";
import { temporary } from "../../test/temporary.ts";
import { openRun } from "../spool/open-run.ts";
import type { LogEntry } from "../spool/reader.ts";
import { runDirectories } from "../spool/runs.ts";
import type { Capture, CaptureOptions } from "./capture.ts";

let owned: AsyncDisposableStack;
let spool: string;
let sfu: TapServer;

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  spool = owned.use(temporary()).path;
  sfu = owned.use(await startTapServer({ secret, firstIndex: () => 65_530 }));
});
afterEach(() => owned.disposeAsync());

const capture = async (changes?: Partial<CaptureOptions>): Promise<Capture> =>
  owned.use(await captureHere(spool, sfu.url, changes));

/** Speaks: one packet, whose payload is the text. */
let rtpTime = 0;
const say = (text: string, producer = "p1"): number => {
  rtpTime += 960;
  return sfu.send(producer, { timestamp: rtpTime, payload: Buffer.from(text) });
};

const tapped = (producer = "p1") => eventually(`${producer} is tapped`, () => sfu.openTaps(producer) > 0);
const received = (process: Capture, packets: number) =>
  eventually(`${packets} packets received`, () => process.counters.packets >= packets);

/** All entries of all tracks of every run, as they are on the disk now. */
function onDisk(): LogEntry[] {
  return runDirectories(spool).flatMap((dir) => {
    using run = openRun(dir);
    return run.look().tracks.flatMap(({ entries }) => entries);
  });
}
const words = (): string[] =>
  onDisk().flatMap((entry) => (entry.type === "media" ? [Buffer.from(entry.payload).toString()] : []));
const marks = (): string[] =>
  onDisk().flatMap((entry) =>
    entry.type === "mark" ? [entry.mark.type + (entry.mark.type === "absent" ? `:${entry.mark.cause}` : "")] : [],
  );
const everyByte = (): string =>
  runDirectories(spool)
    .flatMap((dir) => readdirSync(dir).map((file) => readFileSync(join(dir, file), "latin1")))
    .join("");
const ended = () =>
  runDirectories(spool).map((dir) => {
    using run = openRun(dir);
    run.look();
    return run.ended?.reason;
  });

describe("capture", () => {
  it("writes what was said from Start on, though it hears of Start later, and nothing said before", async () => {
    const process = await capture();
    sfu.tell(oneSpeaker());
    await tapped();
    say("canary before");
    await received(process, 1);
    await delay(5);
    const startUs = monotonicUs();
    await delay(2);
    say("first word");
    await received(process, 2);
    expect(runDirectories(spool)).toEqual([]);
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", startUs]]) }));
    await eventually("the word is on disk", () => words().includes("first word"));
    expect(words()).toEqual(["first word"]);
    expect(everyByte()).not.toContain("canary");
    using run = openRun(runDirectories(spool)[0]!);
    run.look();
    expect(run.header).toMatchObject({
      startSamples: 0,
      interviewId: interviewOf(2),
      language: "en",
      keyTerms: ["Grace Hopper"],
    });
    expect(run.control?.transitions).toHaveLength(1);
  });

  it("writes nothing that was said in a pause, and everything after it, through its late news too", async () => {
    const process = await capture();
    const startUs = monotonicUs();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", startUs]]) }));
    await tapped();
    say("kept one");
    await received(process, 1);
    await delay(3);
    const pauseUs = monotonicUs();
    say("canary in flight");
    sfu.tell(
      oneSpeaker({
        recording: recordingOfSteps([
          ["recording", startUs],
          ["paused", pauseUs],
        ]),
      }),
    );
    for (let n = 0; n < 5; n++) {
      say(`canary ${n}`);
      await received(process, 3 + n);
      await delay(12);
    }
    await delay(3);
    const resumeUs = monotonicUs();
    await delay(2);
    say("kept two");
    await received(process, 8);
    await delay(30);
    const steps = [
      ["recording", startUs],
      ["paused", pauseUs],
      ["recording", resumeUs],
    ] as const;
    sfu.tell(oneSpeaker({ recording: recordingOfSteps(steps) }));
    await eventually("both are on disk", () => words().length >= 2);
    say("kept three");
    await eventually("all are on disk", () => words().length >= 3);
    expect(words()).toEqual(["kept one", "kept two", "kept three"]);
    expect(everyByte()).not.toContain("canary");
  });

  it("goes on after Stop, so that undo leaves no hole, until it is closed; then ends the run and writes no more", async () => {
    const process = await capture();
    const startUs = monotonicUs();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", startUs]]) }));
    await tapped();
    say("one");
    await received(process, 1);
    const stopUs = monotonicUs();
    sfu.tell(
      oneSpeaker({
        recording: recordingOfSteps([
          ["recording", startUs],
          ["stopped", stopUs],
        ]),
      }),
    );
    say("after stop");
    await eventually("still written", () => words().length === 2);
    const closeUs = monotonicUs() + 1000;
    const steps = [
      ["recording", startUs],
      ["stopped", stopUs],
      ["closed", closeUs],
    ] as const;
    await delay(5);
    sfu.tell(oneSpeaker({ recording: recordingOfSteps(steps) }));
    say("canary after closing");
    await eventually("ended", () => ended()[0] === "closed");
    await received(process, 3);
    sfu.tell(oneSpeaker({ recording: recordingOfSteps(steps) }));
    await delay(50);
    expect(words()).toEqual(["one", "after stop"]);
    expect(everyByte()).not.toContain("canary");
    expect(runDirectories(spool)).toHaveLength(1);
    // A second recording of the same call is a run of its own.
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]], recordingOf(33)) }));
    say("second part");
    await eventually("second run", () => words().includes("second part"));
    expect(runDirectories(spool)).toHaveLength(2);
  });

  it("has every packet in its file 20 ms after its arrival, with the right times", async () => {
    const process = await capture();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    await tapped();
    const latenessMs: number[] = [];
    for (let n = 0; n < 40; n++) {
      say(`word ${n}`);
      await received(process, n + 1);
      const receivedMs = performance.now();
      await eventually("on disk", () => words().length > n);
      latenessMs.push(performance.now() - receivedMs);
    }
    // 12 ms on a quiet machine; the bound leaves room for others who use its processors.
    expect(latenessMs.toSorted((a, b) => a - b)[20]).toBeLessThan(60);
    const media = onDisk().filter((entry) => entry.type === "media");
    expect(media.every(({ arrivalUs }, n) => n === 0 || arrivalUs > media[n - 1]!.arrivalUs)).toBe(true);
    expect(media.map(({ sequence }) => sequence)).toEqual(media.map((_, n) => (65_530 + n) & 0xffff));
    expect(process.counters.lost).toBe(0);
  });

  it("says in heartbeats what is durable, and keeps sender reports", async () => {
    await capture();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    await tapped();
    say("one");
    sfu.report("p1", { ntpUs: 1_700_000_000_000_000, rtpTime: 960 });
    using run = openRun(await eventually("a run", () => runDirectories(spool)[0]));
    await eventually("two heartbeats", () => {
      run.look();
      return run.durableSamples > 48_000;
    });
    expect(run.progressUs).toBeLessThan(monotonicUs());
    expect(onDisk()).toContainEqual(
      expect.objectContaining({
        type: "report",
        report: expect.objectContaining({ ntpUs: 1_700_000_000_000_000, rtpTime: 960 }) as unknown,
      }),
    );
  });

  it("marks mute, absence and return, and a new producer of the same seat in the same log", async () => {
    const process = await capture();
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    sfu.tell(oneSpeaker({ recording }));
    await tapped();
    say("one");
    await received(process, 1);
    const tracks = [audioTrack(seatOf(7), "p1", true)];
    sfu.tell(oneSpeaker({ recording, tracks }));
    sfu.tell(oneSpeaker({ recording }));
    sfu.tell(oneSpeaker({ recording, seats: [seatHere(seatOf(7), "away")], tracks: [] }));
    sfu.closeProducer("p1");
    sfu.tell(oneSpeaker({ recording, tracks: [audioTrack(seatOf(7), "p2")] }));
    await tapped("p2");
    say("two", "p2");
    await eventually("the new producer's word", () => words().includes("two"));
    sfu.tell(oneSpeaker({ recording, seats: [seatHere(seatOf(7), "left")], tracks: [] }));
    await eventually("left", () => marks().includes("absent:left"));
    expect(marks()).toEqual(["source", "mute", "unmute", "absent:disconnect", "present", "source", "absent:left"]);
    expect(words()).toEqual(["one", "two"]);
    expect(readdirSync(runDirectories(spool)[0]!).filter((file) => file.endsWith("-audio.spool"))).toHaveLength(1);
  });

  it("marks a source absent from its seat to its first packet, which no packet was lost before", async () => {
    const process = await capture();
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    const seats = [seatHere(seatOf(7))];
    sfu.tell(oneSpeaker({ recording, seats, tracks: [] }));
    await eventually("a run", () => runDirectories(spool).length === 1);
    sfu.tell(oneSpeaker({ recording, seats }));
    await tapped();
    say("one");
    await received(process, 1);
    await eventually("marked", () => marks().includes("present"));
    expect(marks()).toEqual(["absent:sfu", "source", "present"]);
  });

  it("opens a log with the state its track is in", async () => {
    await capture();
    sfu.tell(oneSpeaker({ tracks: [audioTrack(seatOf(7), "p1", true)] }));
    await tapped();
    await delay(20);
    const startUs = monotonicUs();
    const tracks = [audioTrack(seatOf(7), "p1", true)];
    sfu.tell(oneSpeaker({ tracks, recording: recordingOfSteps([["recording", startUs]]) }));
    await eventually("marked", () => marks().length > 0);
    expect(marks()).toEqual(["mute"]);
  });

  it("loses no packet when the connection to the sfu breaks and comes back", async () => {
    const process = await capture();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    await tapped();
    let said = 0;
    const speaking = setInterval(() => say(`word ${said++}`), 5);
    owned.defer(() => clearInterval(speaking));
    await received(process, 20);
    for (let n = 0; n < 3; n++) {
      sfu.disconnect();
      await eventually("down", () => !process.linked);
      await eventually("up again", () => process.linked);
      const before = process.counters.packets;
      await received(process, before + 40);
    }
    clearInterval(speaking);
    await delay(60);
    // Each new tap is a new source; a packet that came by both is there twice, none is missing.
    expect(new Set(words()).size).toBe(said);
    expect(marks().filter((mark) => mark.startsWith("absent"))).toEqual([]);
    expect(marks().filter((mark) => mark === "source").length).toBe(4);
    expect(sfu.openTaps("p1")).toBe(1);
  });

  it("keeps the run and its heartbeats while the sfu is away, and says that the source is lost", async () => {
    const process = await capture();
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    sfu.tell(oneSpeaker({ recording }));
    await tapped();
    say("before");
    await received(process, 1);
    const { port } = sfu;
    await sfu[Symbol.asyncDispose]();
    await eventually("marked", () => marks().includes("absent:sfu"), 6_000);
    const beats = process.counters.heartbeats;
    await eventually("heartbeats go on", () => process.counters.heartbeats > beats);
    sfu = owned.use(await startTapServer({ secret, port }));
    sfu.tell(oneSpeaker({ recording, tracks: [audioTrack(seatOf(7), "p9")] }));
    await tapped("p9");
    say("after", "p9");
    await eventually("goes on", () => words().includes("after"));
    expect(marks()).toEqual(["source", "absent:sfu", "present", "source"]);
    expect(runDirectories(spool)).toHaveLength(1);
  });

  it("joins a recording that runs already with a run of its own, from now", async () => {
    await capture();
    const startUs = monotonicUs() - 60_000_000;
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", startUs]]) }));
    using run = openRun(await eventually("a run", () => runDirectories(spool)[0]));
    run.look();
    expect(run.header!.startSamples).toBeGreaterThanOrEqual(60 * 48_000);
    expect(run.header!.startSamples).toBeLessThan(65 * 48_000);
  });

  it("puts a sfu's other clock on the recording's", async () => {
    const aheadUs = 5_000_000_000;
    await using far = await startTapServer({ secret, bootId: "another-host", nowUs: () => monotonicUs() + aheadUs });
    await capture({ sfuUrl: far.url });
    const recording = recordingOfSteps([["recording", monotonicUs() + aheadUs]]);
    const told = { ...recording, clock: { ...recording.clock!, bootId: "another-host" } };
    far.tell(oneSpeaker({ recording: told }));
    await eventually("tapped", () => far.openTaps("p1") > 0);
    far.send("p1", { timestamp: 1, payload: Buffer.from("far") });
    await eventually("written", () => words().includes("far"));
    const [media] = onDisk().filter((entry) => entry.type === "media");
    expect(Math.abs(media!.arrivalUs - aheadUs - monotonicUs())).toBeLessThan(1_000_000);
  });

  it("counts and drops what was tampered with, and frames that are none of the protocol's", async () => {
    const process = await capture();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    await tapped();
    for (const frame of ["no json", "{}", '{"type":"call"}', "[]", `{"type":"ok","id":99999}`]) sfu.raw(frame);
    say("good");
    await eventually("written", () => words().includes("good"));
    expect(process.linked).toBe(true);
  });

  it("ends its runs when it is asked to end", async () => {
    const process = await capture();
    sfu.tell(oneSpeaker({ recording: recordingOfSteps([["recording", monotonicUs()]]) }));
    await tapped();
    say("last word");
    await received(process, 1);
    const beganMs = performance.now();
    await process[Symbol.asyncDispose]();
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(words()).toEqual(["last word"]);
    expect(ended()).toEqual(["shutdown"]);
  });

  it("ends the run when the sfu has nothing to record any more, and starts afresh when the call comes again", async () => {
    await capture();
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    sfu.tell(oneSpeaker({ recording }));
    await tapped();
    sfu.callGone(interviewOf(2));
    await eventually("ended", () => ended()[0] === "closed");
    sfu.tell(oneSpeaker({ recording }));
    await eventually("a second run", () => runDirectories(spool).length === 2);
  });

  it("ends the run of a call that a restarted sfu does not name, and not before it names what there is", async () => {
    const process = await capture();
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    const other = oneSpeaker({ interviewId: interviewOf(5), recording: null, seats: [], tracks: [] });
    sfu.tell(oneSpeaker({ recording }));
    sfu.tell(other);
    await tapped();
    sfu.forget();
    sfu.disconnect();
    await eventually("down", () => !process.linked);
    await eventually("up again", () => process.linked);
    const beats = process.counters.heartbeats;
    await eventually("heartbeats go on", () => process.counters.heartbeats > beats);
    expect(process.calls).toHaveLength(2);
    sfu.tell(other);
    sfu.nameCalls();
    await eventually("ended", () => ended()[0] === "closed");
    expect(process.calls.map(({ interviewId }) => interviewId)).toEqual([other.interviewId]);
  });

  it("is refused without the right secret, and goes on trying", async () => {
    const process = await capture({ token: () => signServiceToken("x".repeat(32), "tap", "x") });
    await eventually("refused twice", () => sfu.refusals >= 2);
    expect(process.linked).toBe(false);
  });
});

describe("pictures", () => {
  const tracks = [audioTrack(seatOf(7), "p1"), cameraTrack(seatOf(7), "cam")];
  const show = (text: string): number => sfu.send("cam", { timestamp: (rtpTime += 3_600), payload: Buffer.from(text) });

  it("are tapped while they are recorded, and in no other call or time", async () => {
    await capture();
    sfu.tell(oneSpeaker({ tracks, picture: true }));
    await tapped();
    expect(sfu.openTaps("cam")).toBe(0);
    const recording = recordingOfSteps([["recording", monotonicUs()]]);
    sfu.tell(oneSpeaker({ tracks, recording, picture: true }));
    await tapped("cam");
    show("frame");
    await eventually("written", () => words().includes("frame"));
    sfu.tell(oneSpeaker({ tracks, recording, picture: false }));
    await eventually("given up", () => sfu.openTaps("cam") === 0);
  });

  it("are asked for a key frame before the first cut, after a pause, and after a loss", async () => {
    const process = await capture();
    const startUs = monotonicUs();
    const steps = [["recording", startUs]] as Parameters<typeof recordingOfSteps>[0][number][];
    sfu.tell(oneSpeaker({ tracks, recording: recordingOfSteps(steps), picture: true }));
    await tapped("cam");
    await eventually("asked before the cut", () => (show("on"), sfu.keyFramesAsked("cam") === 1));
    expect((monotonicUs() - startUs) / 1000).toBeLessThan(1_900);
    steps.push(["paused", monotonicUs()], ["recording", monotonicUs()]);
    sfu.tell(oneSpeaker({ tracks, recording: recordingOfSteps(steps), picture: true }));
    await eventually("asked after the pause", () => sfu.keyFramesAsked("cam") === 2);
    const before = process.counters.packets;
    show("one");
    await received(process, before + 1);
    sfu.skip("cam");
    show("three");
    await eventually("asked after the loss", () => sfu.keyFramesAsked("cam") >= 3);
  });

  it("are written many at a time, and all of them before the heartbeat that counts them", async () => {
    const written: ("picture" | "heartbeat")[] = [];
    const heldAtBeat: number[] = [];
    const process = await capture({
      file: {
        write(fd, bytes, from, length, position) {
          const text = bytes.toString("latin1", from, from + length);
          if (text.includes("a frame")) written.push("picture");
          if (text.includes('"durableSamples"')) {
            written.push("heartbeat");
            heldAtBeat.push(process.calls[0]?.run?.heldPictureBytes ?? 0);
          }
          return writeSync(fd, bytes, from, length, position);
        },
        datasync: () => Promise.resolve(),
      },
    });
    sfu.tell(oneSpeaker({ tracks, recording: recordingOfSteps([["recording", monotonicUs()]]), picture: true }));
    await tapped("cam");
    await eventually("three heartbeats", () => (show("a frame"), heldAtBeat.length >= 3));
    expect(new Set(heldAtBeat)).toEqual(new Set([0]));
    // Once before each heartbeat, once with the sync that follows it.
    expect(written.filter((what) => what === "picture").length).toBeLessThanOrEqual(2 * heldAtBeat.length);
  });

  it("are left out when the disk is full, and this stands in their log; sound goes on", async () => {
    let full = true;
    const process = await capture({
      file: {
        write(fd, bytes, from, length, position) {
          if (full && bytes.includes("one frame too many")) throw Object.assign(new Error("full"), { code: "ENOSPC" });
          return writeSync(fd, bytes, from, length, position);
        },
        datasync: () => Promise.resolve(),
      },
    });
    sfu.tell(oneSpeaker({ tracks, recording: recordingOfSteps([["recording", monotonicUs()]]), picture: true }));
    await tapped("cam");
    show("one frame too many");
    await eventually("given up", () => sfu.openTaps("cam") === 0);
    expect(process.giveWay.because).toBe("disk");
    say("still heard");
    await eventually("sound goes on", () => words().includes("still heard"));
    const beats = process.counters.heartbeats;
    await eventually("and is durable", () => process.counters.heartbeats > beats);
    full = false;
    await eventually("noted", () => marks().includes("absent:load"));
  });
});
