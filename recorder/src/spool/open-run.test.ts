import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CONTROL_LOG, trackLog } from "@verbatim/shared/spool/format";
import { controlRecord, runHeader, seatOf, trackHeaderOf } from "../../test/spool-samples.ts";
import { temporary } from "../../test/temporary.ts";
import { openRun } from "./open-run.ts";
import { watchRuns } from "./runs.ts";
import { openLogWriter } from "./writer.ts";

const header = trackHeaderOf(seatOf(7));
const file = trackLog(header.trackId);
const media = (arrivalUs: number) => ({ arrivalUs, sequence: 1, rtpTime: 2, payload: Buffer.from([1]) });

function startRun(spoolDir: string, name = "run-a") {
  const dir = join(spoolDir, "capture-1", name);
  mkdirSync(dir, { recursive: true });
  const control = openLogWriter(join(dir, CONTROL_LOG));
  const track = openLogWriter(join(dir, file));
  control.append({ type: "run", header: runHeader });
  track.append({ type: "track", header });
  return {
    dir,
    control,
    track,
    beat: (atUs: number) => {
      track.flush();
      control.append({ type: "heartbeat", heartbeat: { atUs, durableSamples: atUs } });
      control.flush();
    },
  };
}

describe("a run's reader", () => {
  it("says how far it has read everything only by heartbeats, and ends after everything was returned", () => {
    using temp = temporary();
    const run = startRun(temp.path);
    run.control.flush();
    using reader = openRun(run.dir);
    reader.look();
    expect(reader.header).toEqual(runHeader);
    expect(reader.progressUs).toBeUndefined();

    run.track.appendMedia(media(10));
    run.beat(20);
    const news = reader.look();
    expect(news.tracks).toHaveLength(1);
    expect(news.tracks[0]).toMatchObject({ file, header });
    expect(news.tracks[0]!.entries.map(({ type }) => type)).toEqual(["track", "media"]);
    expect([reader.progressUs, reader.durableSamples]).toEqual([20, 20]);

    run.control.append(controlRecord({ revision: 1, to: "recording", atUs: 5 }));
    run.control.append({ type: "end", end: { atUs: 30, atSamples: 0, reason: "closed" } });
    run.control.flush();
    expect(reader.look().controls).toHaveLength(1);
    expect(reader.control?.epoch).toBe(1);
    expect(reader.ended?.reason).toBe("closed");
    expect(reader.progressUs).toBe(30);
  });

  it("goes on from its cursors after a restart, with header and control still known", () => {
    using temp = temporary();
    const run = startRun(temp.path);
    run.track.appendMedia(media(10));
    run.beat(20);
    const first = openRun(run.dir);
    first.look();
    const cursors = first.cursors();
    first.close();
    run.track.appendMedia(media(30));
    run.beat(40);
    using second = openRun(run.dir, cursors);
    const news = second.look();
    expect(second.header).toEqual(runHeader);
    expect(news.tracks[0]!.header).toEqual(header);
    expect(news.tracks[0]!.entries).toMatchObject([{ type: "media", arrivalUs: 30 }]);
  });

  it("does not promise progress while a track has more to read", () => {
    using temp = temporary();
    const run = startRun(temp.path);
    for (let n = 0; n < 30; n++) run.track.append({ type: "pcm", arrivalUs: n, frame: Buffer.alloc(100_000) });
    run.beat(50);
    using reader = openRun(run.dir);
    expect(reader.look().more).toBe(true);
    expect(reader.progressUs).toBeUndefined();
    while (reader.look().more);
    expect(reader.progressUs).toBe(50);
  });
});

describe("watching runs", () => {
  it("finds a run once its header is readable, and says when it is gone", () => {
    using temp = temporary();
    const watch = watchRuns(temp.path);
    expect(watch.look()).toEqual({ found: [], gone: [] });
    const run = startRun(temp.path);
    expect(watch.look().found).toEqual([]);
    run.control.flush();
    expect(watch.look().found).toEqual([{ dir: run.dir, header: runHeader }]);
    expect(watch.look()).toEqual({ found: [], gone: [] });
    rmSync(run.dir, { recursive: true });
    expect(watch.look()).toEqual({ found: [], gone: [run.dir] });
  });
});
