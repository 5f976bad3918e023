import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wordError } from "../rehearse/word-timing.ts";
import {
  decodedMs,
  exactShare,
  found,
  hiddenShare,
  misplaced,
  type Rehearsed,
  rehearsed,
  total,
  understood,
  writeVoices,
} from "./rehearsed.ts";

/*
 * Seven browsers, a recogniser and the stack share what may be two cores. So what is held against a clock here has room for
 * that, and what is held against the report's own truth has none.
 */
const HELD_WITHIN_MS = 600_000;

async function chunksDecodeAlone(one: Rehearsed): Promise<void> {
  const { chunks, durationMs } = one.report.recording;
  expect(chunks.length).toBeGreaterThan(0);
  for (const chunk of chunks) {
    const ms = await decodedMs(one.file("store", chunk.key));
    expect(Math.abs(ms - (chunk.endMs - chunk.startMs)), chunk.key).toBeLessThanOrEqual(20);
  }
  expect(Math.abs((await decodedMs(one.file("master.mp3"))) - durationMs)).toBeLessThanOrEqual(36);
}

describe("two WAV files, a bucket, loudspeakers that leak, an interviewer whose browser dies, and an observer who takes over", () => {
  const CLOSED_AT = 22;
  const SECONDS = 36.5;
  const folder = mkdtempSync(join(tmpdir(), "voices-"));
  let held: Rehearsed;
  beforeAll(async () => {
    // The loudspeaker of the candidate says nothing of an interviewer who is gone, so neither does the file.
    const voices = await writeVoices(folder, { interviewer: CLOSED_AT, candidate: SECONDS });
    const faults = ["kill:assembler@12", `close:interviewer@${CLOSED_AT}`, "takeover:2@27"];
    held = await rehearsed(
      "--observers",
      "5",
      "--seconds",
      String(SECONDS),
      "--store",
      "s3",
      "--leak",
      "-20",
      ...voices,
      ...faults.flatMap((spec) => ["--fault", spec]),
    );
  }, HELD_WITHIN_MS);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await held?.[Symbol.asyncDispose]();
  });

  it("the recording is never interrupted: one run, and nothing of it missing but who is gone", () => {
    const { recording, timings } = held.report;
    expect(new Set(recording.chunks.map((chunk) => chunk.run)).size).toBe(1);
    expect(recording.durationMs).toBeGreaterThan(timings.speechStartMs + SECONDS * 1_000);
    // Whatever else is busy, a speaker's browser is not kept waiting: only its own clock may stand still for a moment.
    expect(held.gaps("candidate").filter(({ cause }) => cause !== "capture_stall")).toEqual([]);
    expect(recording.coverage.candidate).toBeGreaterThanOrEqual(0.98);
    for (const cause of ["recorder", "store"]) expect(held.gaps("interviewer", cause)).toEqual([]);
    const away = held.gaps("interviewer", "disconnect");
    expect(away).toHaveLength(1);
    expect(away[0]?.startMs).toBeGreaterThan(held.fault("close").atMs - 1_000);
    expect(away[0]?.endMs).toBe(recording.durationMs);
  });

  it("the takeover shows on every other page by itself", () => {
    expect(held.fault("takeover").note).toBe("Shown to 5 others.");
    // A second is promised; seven browsers on two cores may take longer to draw it.
    expect(held.report.timings.takeoverMs).toBeLessThanOrEqual(4_000);
  });

  it("five observers end with the transcript that is stored", () => {
    expect(held.report.transcript.length).toBeGreaterThan(0);
    for (const { sameAsServer, segmentsSeen } of held.report.observers) {
      expect({ sameAsServer, segmentsSeen }).toEqual({
        sameAsServer: true,
        segmentsSeen: held.report.transcript.length,
      });
    }
    expect(held.report.observers).toHaveLength(5);
  });

  it("what was said is understood, and stands where it was said", async () => {
    const { said, heard } = await understood(held, SECONDS);
    expect(said.length).toBeGreaterThan(20);
    expect(wordError(said, heard), `${said.join(" ")} | ${heard.join(" ")}`).toBeLessThanOrEqual(0.15);
    const all = found(held, 0, SECONDS - 1);
    expect(misplaced(all)).toEqual([]);
    expect(hiddenShare(all)).toBeLessThanOrEqual(0.5);
    expect(exactShare(all)).toBeGreaterThanOrEqual(0.25);
  });

  it("each stored chunk decodes alone to its stated length, and the master to the recording's", () =>
    chunksDecodeAlone(held));

  it("every chunk lies in the bucket with the hash that is told of it", () => {
    for (const { key, sha256 } of held.report.recording.chunks) {
      expect(
        createHash("sha256")
          .update(readFileSync(held.file("store", key)))
          .digest("hex"),
        key,
      ).toBe(sha256);
    }
    expect(held.report.recording.chunks.length).toBeGreaterThan(3);
  });

  it("no word stands under a speaker who was not speaking", () => {
    const { words, wrong } = JSON.parse(readFileSync(held.file("leak.json"), "utf8")) as {
      words: number;
      wrong: unknown[];
    };
    expect(words).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });

  it("an assembler that was killed before it is needed is ready again", () => {
    expect(held.fault("kill:assembler")).toMatchObject({ note: "", recoveredMs: expect.any(Number) });
  });

  it("no process of the rehearsal is left", () => {
    expect(held.left).toEqual([]);
  });
});

describe("a recorder, ship, scribe, api and media worker that are killed, a candidate whose network is away, and observers who type", () => {
  const SECONDS = 65;
  const KILLED = { capture: 5, ship: 10, scribe: 15, api: 21, "sfu-worker": 28 };
  const AWAY = { at: 35, seconds: 15 };
  let held: Rehearsed;
  beforeAll(async () => {
    const kills = Object.entries(KILLED).map(([name, at]) => `kill:${name}@${at}`);
    const faults = [...kills, `offline:candidate@${AWAY.at}+${AWAY.seconds}`].flatMap((spec) => ["--fault", spec]);
    held = await rehearsed("--observers", "2", "--type", "--seconds", String(SECONDS), ...faults);
  }, HELD_WITHIN_MS);
  afterAll(() => held?.[Symbol.asyncDispose]());

  it("everything that was killed works again", () => {
    for (const name of Object.keys(KILLED)) {
      expect(held.fault(`kill:${name}`)).toMatchObject({ note: "", recoveredMs: expect.any(Number) });
    }
  });

  it("the recording is assembled, and what the recorder's death cost is named: as long as it was away", () => {
    const awayMs = held.fault("kill:capture").recoveredMs ?? 0;
    expect(held.report.recording.state).toBe("complete_with_gaps");
    expect(new Set(held.report.recording.chunks.map((chunk) => chunk.run)).size).toBe(2);
    for (const speaker of ["interviewer", "candidate"] as const) {
      const lost = held.gaps(speaker, "recorder");
      expect(total(lost)).toBeGreaterThan(0);
      // Its proof is a second or so of sound on disk, and the sound in it begins before that.
      expect(total(lost)).toBeLessThanOrEqual(awayMs + 500);
      // 3 s are promised; a busy machine may take as long again to start a process.
      expect(total(lost)).toBeLessThanOrEqual(6_000);
      expect(held.gaps(speaker, "store")).toEqual([]);
    }
  });

  it("a media worker that was killed costs a moment of each speaker", () => {
    const worker = held.fault("kill:sfu-worker");
    const momentMs = (worker.recoveredMs ?? 0) + 3_000;
    for (const { startMs, endMs } of held.gaps("interviewer", "disconnect")) {
      expect(startMs).toBeGreaterThan(worker.atMs - 1_000);
      expect(endMs).toBeLessThan(worker.atMs + momentMs);
    }
    const recorderMs = (held.fault("kill:capture").recoveredMs ?? 0) + 500;
    const awayMs = (held.fault("offline").recoveredMs ?? 0) + 3_000;
    const lostMs = { interviewer: momentMs + recorderMs, candidate: momentMs + recorderMs + awayMs };
    const { coverage, durationMs } = held.report.recording;
    for (const speaker of ["interviewer", "candidate"] as const)
      expect(coverage[speaker]).toBeGreaterThan(1 - lostMs[speaker] / durationMs);
  });

  it("a network that was away is labelled, as long as it was away, and the person talks again", () => {
    const offline = held.fault("offline");
    expect(offline.note).toBe("Bytes received at the sfu stood still.");
    expect(offline.recoveredMs).toBeGreaterThan(AWAY.seconds * 1_000);
    const away = held.gaps("candidate", "disconnect").filter(({ startMs }) => startMs > offline.atMs - 1_000);
    // Of its last 3 s the browser still has the packets, and may send them when it is back.
    expect(total(away)).toBeGreaterThan(AWAY.seconds * 1_000 - 4_000);
    expect(total(away)).toBeLessThan((offline.recoveredMs ?? 0) + 3_000);
  });

  it("what is said after each kill stands where it was said", () => {
    const placed = (from: number) => found(held, from, SECONDS - 1);
    for (const at of [...Object.values(KILLED), AWAY.at + AWAY.seconds]) {
      expect(misplaced(placed(at)), `after second ${at}`).toEqual([]);
      expect(hiddenShare(placed(at)), `after second ${at}`).toBeLessThanOrEqual(0.5);
    }
    expect(exactShare(placed(KILLED.capture))).toBeGreaterThanOrEqual(0.25);
  });

  it("who came back from a network that was away is heard at the place again", () => {
    const candidate = found(held, AWAY.at + AWAY.seconds, SECONDS - 1).filter(({ speaker }) => speaker === "candidate");
    expect(candidate.length).toBeGreaterThan(0);
    expect(hiddenShare(candidate)).toBeLessThanOrEqual(0.5);
  });

  it("every letter that observers typed meanwhile is stored, and every annotation", () => {
    const { typed, annotations, notesBytes } = held.report.live;
    const told = readFileSync(held.file("typed.json"), "utf8");
    expect(typed.kept, told).toBe(typed.sent);
    expect(annotations.kept, told).toBe(annotations.made);
    // Who is slow because the machine is writes less.
    expect(typed.sent).toBeGreaterThan(20);
    expect(annotations.made).toBeGreaterThan(0);
    expect(notesBytes).toBeGreaterThan(typed.sent);
  });

  it("every observer's page ends with the transcript that is stored", () => {
    expect(held.report.observers.map((one) => one.sameAsServer)).toEqual([true, true]);
  });

  it("each stored chunk decodes alone to its stated length, and the master to the recording's", () =>
    chunksDecodeAlone(held));
});
