import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { createLog } from "@verbatim/hands/log";
import { CONTROL_LOG, trackLog } from "@verbatim/shared/spool/format";
import { controlRecord, runHeader, seatOf, trackHeaderOf } from "../../test/spool-samples.ts";
import { temporary } from "../../test/temporary.ts";
import { openRun } from "../spool/open-run.ts";
import { openLog } from "../spool/reader.ts";
import { openLogWriter } from "../spool/writer.ts";
import { leftRuns, recoverRun } from "./recover.ts";

const log = createLog("test", "silent");
const header = trackHeaderOf(seatOf(7));
const file = trackLog(header.trackId);

/** A run of 50 packets and 5 heartbeats, left open. Arrivals are 1,000,000 (position 0) and every 20 ms after. */
function leaveRun(spool: string, name = "run-a"): string {
  const dir = join(spool, "capture-1", name);
  mkdirSync(dir, { recursive: true });
  const control = openLogWriter(join(dir, CONTROL_LOG));
  const track = openLogWriter(join(dir, file));
  control.append({ type: "run", header: runHeader });
  control.append(controlRecord({ revision: 1, to: "recording", atUs: 1_000_000 }));
  track.append({ type: "track", header });
  for (let n = 0; n < 50; n++) {
    const atUs = 1_000_000 + n * 20_000;
    track.appendMedia({ arrivalUs: atUs, sequence: n, rtpTime: n * 960, payload: Buffer.alloc(60, n) });
    if (n % 10 === 9) control.append({ type: "heartbeat", heartbeat: { atUs, durableSamples: n * 960 } });
  }
  for (const writer of [control, track]) writer.close();
  return dir;
}

const endOf = (path: string) => {
  using reader = openLog(path);
  const last = reader.read().at(-1);
  return last?.type === "end" ? last.end : undefined;
};

describe("a run that its process left open", () => {
  it("is ended where it stood, in every log, once", async () => {
    using temp = temporary();
    const dir = leaveRun(temp.path);
    expect(await leftRuns(temp.path, "capture-1")).toEqual([dir]);
    expect(await recoverRun(dir, log)).toBe(true);
    const end = { atUs: 1_980_000, atSamples: 49 * 960, reason: "recovered" };
    expect(endOf(join(dir, file))).toEqual(end);
    expect(endOf(join(dir, CONTROL_LOG))).toEqual(end);
    const before = readFileSync(join(dir, file));
    expect(await recoverRun(dir, log)).toBe(false);
    expect(readFileSync(join(dir, file)).equals(before)).toBe(true);
  });

  it("invariant: torn anywhere, with anything behind it, keeps its good records and the torn bytes, and reads to its end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4400), fc.uint8Array({ maxLength: 40 }), fc.nat(500), async (cut, junk, controlCut) => {
        using temp = temporary();
        const dir = leaveRun(temp.path);
        const path = join(dir, file);
        const whole = readFileSync(path);
        truncateSync(path, Math.min(cut, whole.length));
        appendFileSync(path, junk);
        const control = join(dir, CONTROL_LOG);
        // The header of the run, written whole before the run could be seen, is never torn by a killed process.
        truncateSync(control, readFileSync(control).length - Math.min(controlCut, 300));
        const torn = readFileSync(path);
        using reader = openLog(path);
        const good = reader.read();
        await recoverRun(dir, log);
        using run = openRun(dir);
        const news = run.look();
        expect(run.ended?.reason).toBe("recovered");
        const entries = news.tracks[0]?.entries ?? [];
        expect(entries.slice(0, good.length)).toEqual(good);
        if (good.length > 0) expect(entries.map(({ type }) => type).slice(good.length)).toEqual(["end"]);
        const tails = readdirSync(dir).filter((name) => name.startsWith(file) && name.endsWith(".tail"));
        const kept = Buffer.concat([
          torn.subarray(0, reader.offset),
          ...tails.map((name) => readFileSync(join(dir, name))),
        ]);
        expect(kept.equals(torn)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("whose process died between its last records is ended with the same end in the others", async () => {
    using temp = temporary();
    const dir = leaveRun(temp.path);
    const track = openLogWriter(join(dir, file));
    const end = { atUs: 5_000_000, atSamples: 192_000, reason: "closed" as const };
    track.append({ type: "end", end });
    track.close();
    await recoverRun(dir, log);
    expect(endOf(join(dir, CONTROL_LOG))).toEqual(end);
  });

  it("without a readable header is put aside, not deleted", async () => {
    using temp = temporary();
    const dir = leaveRun(temp.path);
    writeFileSync(join(dir, CONTROL_LOG), Buffer.alloc(100));
    await recoverRun(dir, log);
    expect(readdirSync(join(temp.path, "capture-1"))).toEqual(["run-a.unreadable"]);
    expect(await leftRuns(temp.path, "capture-1")).toEqual([]);
  });

  it("that was only being made is cleared away", async () => {
    using temp = temporary();
    mkdirSync(join(temp.path, "capture-1", "run-b.new"), { recursive: true });
    expect(await leftRuns(temp.path, "capture-1")).toEqual([]);
    expect(readdirSync(join(temp.path, "capture-1"))).toEqual([]);
    expect(await leftRuns(temp.path, "never-ran")).toEqual([]);
  });
});
