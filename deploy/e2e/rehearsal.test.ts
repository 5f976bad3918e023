import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
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

describe("an interviewer whose browser dies, and an observer who takes over", () => {
  const CLOSED_AT = 22;
  const SECONDS = 36.5;
  let held: Rehearsed;
  beforeAll(async () => {
    const faults = ["--fault", `close:interviewer@${CLOSED_AT}`, "--fault", "takeover:2@27"];
    held = await rehearsed("--observers", "5", "--seconds", String(SECONDS), ...faults);
  }, HELD_WITHIN_MS);
  afterAll(() => held?.[Symbol.asyncDispose]());

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

  it("no process of the rehearsal is left", () => {
    expect(held.left).toEqual([]);
  });
});

describe("a recorder, ship, scribe and api that are killed, and a candidate whose network is away", () => {
  const SECONDS = 57;
  const KILLED = { capture: 5, ship: 10, scribe: 15, api: 21 };
  const AWAY = { at: 27, seconds: 15 };
  let held: Rehearsed;
  beforeAll(async () => {
    const kills = Object.entries(KILLED).map(([name, at]) => `kill:${name}@${at}`);
    const faults = [...kills, `offline:candidate@${AWAY.at}+${AWAY.seconds}`].flatMap((spec) => ["--fault", spec]);
    held = await rehearsed("--observers", "2", "--seconds", String(SECONDS), ...faults);
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

  it("a network that was away is labelled, as long as it was away, and the person talks again", () => {
    const offline = held.fault("offline");
    expect(offline.note).toBe("Bytes received at the sfu stood still.");
    expect(offline.recoveredMs).toBeGreaterThan(AWAY.seconds * 1_000);
    const away = held.gaps("candidate", "disconnect");
    // Of its last 3 s the browser still has the packets, and may send them when it is back.
    expect(total(away)).toBeGreaterThan(AWAY.seconds * 1_000 - 4_000);
    expect(total(away)).toBeLessThan((offline.recoveredMs ?? 0) + 3_000);
    expect(held.gaps("interviewer", "disconnect")).toEqual([]);
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

  it("every observer's page ends with the transcript that is stored", () => {
    expect(held.report.observers.map((one) => one.sameAsServer)).toEqual([true, true]);
  });

  it("each stored chunk decodes alone to its stated length, and the master to the recording's", () =>
    chunksDecodeAlone(held));
});

describe("two WAV files, a bucket, loudspeakers that leak, and a media worker and an assembler that are killed", () => {
  const SECONDS = 26;
  const folder = mkdtempSync(join(tmpdir(), "voices-"));
  let held: Rehearsed;
  beforeAll(async () => {
    const speak = (name: string, voice: string, text: string): string => {
      const file = join(folder, `${name}.wav`);
      execFileSync("flite", ["-voice", voice, "-t", text, "-o", file]);
      return file;
    };
    const ask = speak("a", "rms", "Good morning. Please tell me what you did in your last project, and why you left.");
    const answer = speak(
      "b",
      "slt",
      "Good morning. We moved a large system to another city, and I was responsible for it.",
    );
    const silence = (file: string, seconds: number): string => {
      const later = file.replace(".wav", "-later.wav");
      execFileSync("ffmpeg", ["-v", "error", "-i", file, "-af", `adelay=${seconds * 1000}:all=1`, later]);
      return later;
    };
    const voices = ["--interviewer", ask, "--candidate", silence(answer, 8)];
    const faults = ["--fault", "kill:sfu-worker@17", "--fault", "kill:assembler@20"];
    held = await rehearsed(
      "--seconds",
      String(SECONDS),
      "--observers",
      "1",
      "--store",
      "s3",
      "--leak",
      "-20",
      ...voices,
      ...faults,
    );
  }, HELD_WITHIN_MS);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await held?.[Symbol.asyncDispose]();
  });

  it("what was killed works again, and costs a moment of each speaker", () => {
    for (const name of ["kill:sfu-worker", "kill:assembler"]) {
      expect(held.fault(name)).toMatchObject({ note: "", recoveredMs: expect.any(Number) });
    }
    const { coverage, durationMs } = held.report.recording;
    const lostMs = (held.fault("kill:sfu-worker").recoveredMs ?? 0) + 3_000;
    for (const speaker of ["interviewer", "candidate"] as const) {
      expect(coverage[speaker]).toBeGreaterThan(1 - lostMs / durationMs);
    }
  });

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
});
