import { join } from "node:path";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Transition } from "@verbatim/shared/recording/control";
import { seatOf, trackHeaderOf } from "../../test/spool-samples.ts";
import { temporary } from "../../test/temporary.ts";
import { openLog, type LogEntry } from "../spool/reader.ts";
import { openLogWriter, type LogWriter } from "../spool/writer.ts";
import { phasesOf, noPhases } from "./phase.ts";
import { createTrack, HELD_US, RIPE_US, type Track, type TrackItem, type TrackStore } from "./track.ts";

const header = trackHeaderOf(seatOf(7));
const media = (arrivalUs: number, ssrc = 1): TrackItem => ({
  type: "media",
  arrivalUs,
  ssrc,
  sequence: 0,
  rtpTime: 0,
  payload: Buffer.alloc(4),
});
const mute = (atUs: number): TrackItem => ({ type: "mark", arrivalUs: atUs, mark: { type: "mute", atUs } });

function store(dir: string, startUs: number): TrackStore & { written(): LogEntry[] } {
  const path = join(dir, `${startUs}.spool`);
  let log: LogWriter | undefined;
  return {
    startUs,
    openTrack: () => (log = openLogWriter(path)),
    written() {
      log?.flush();
      using reader = openLog(path);
      return reader.read();
    },
  };
}

const arrivals = (entries: readonly LogEntry[]): number[] =>
  entries.flatMap((entry) => (entry.type === "media" ? [entry.arrivalUs] : []));

describe("a track", () => {
  it("writes a packet once it is ripe, so that a pause on its way keeps it out", () => {
    using dir = temporary();
    const to = store(dir.path, 100);
    const recording: Transition[] = [{ revision: 1, to: "recording", atUs: 100 }];
    const track = createTrack(header);
    track.push(media(1000));
    expect(track.drain(1000 + RIPE_US - 1, phasesOf(recording), to)).toBe(true);
    expect(arrivals(to.written())).toEqual([]);
    expect(track.drain(1000 + RIPE_US, phasesOf(recording), to)).toBe(false);
    expect(arrivals(to.written())).toEqual([1000]);
  });

  it("says `source` before the first packet of each stream, in order", () => {
    using dir = temporary();
    const to = store(dir.path, 0);
    const track = createTrack(header);
    for (const item of [media(1, 5), media(2, 5), mute(3), media(4, 6)]) track.push(item);
    track.drain(1e6, phasesOf([{ revision: 1, to: "recording", atUs: 0 }]), to);
    expect(to.written().map((entry) => (entry.type === "mark" ? entry.mark.type : entry.type))).toEqual([
      "track",
      "source",
      "media",
      "media",
      "mute",
      "source",
      "media",
    ]);
  });

  it("begins a second recording's log with the state the first left it in", () => {
    using dir = temporary();
    const track = createTrack(header);
    const first = store(dir.path, 0);
    track.push(mute(5));
    track.drain(1e6, phasesOf([{ revision: 1, to: "recording", atUs: 0 }]), first);
    const second = store(dir.path, 2_000_000);
    track.drain(3e6, phasesOf([{ revision: 1, to: "recording", atUs: 2_000_000 }]), second);
    expect(second.written()).toMatchObject([
      { type: "track" },
      { type: "mark", mark: { type: "mute", atUs: 2_000_000 } },
    ]);
  });

  it("holds no more than the last two seconds in memory while nobody records", () => {
    using dir = temporary();
    const track = createTrack(header);
    for (let at = 0; at <= 10_000_000; at += 20_000) {
      track.push(media(at));
      track.prune(at, noPhases);
    }
    const to = store(dir.path, 0);
    track.drain(10_000_000 + RIPE_US, phasesOf([{ revision: 1, to: "recording", atUs: 0 }]), to);
    expect(arrivals(to.written())[0]).toBeGreaterThan(10_000_000 - HELD_US - 20_000);
    expect(arrivals(to.written()).at(-1)).toBe(10_000_000);
  });

  it("invariant: however late the transitions are heard of, exactly what they keep is written, in order, once", () => {
    using dir = temporary();
    let n = 0;
    const step = fc.record({
      to: fc.constantFrom("recording" as const, "paused" as const, "stopped" as const),
      afterMs: fc.integer({ min: 1, max: 3_000 }),
      // Less than it takes a packet to ripen: what is heard later than that is cut by the readers.
      lateMs: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (list, everyMs) => {
        let atUs = 0;
        // Whoever hears of a transition hears of all before it: states are told whole.
        let heardUs = 0;
        const told = [{ to: "recording" as const, afterMs: 500, lateMs: 3 }, ...list].map(
          ({ to, afterMs, lateMs }, index) => {
            atUs += afterMs * 1000;
            heardUs = Math.max(heardUs, atUs + lateMs * 1000);
            return { transition: { revision: index + 1, to, atUs }, heardUs };
          },
        );
        const startUs = told[0]!.transition.atUs;
        const to: TrackStore & { written(): LogEntry[] } = store(join(dir.path), startUs + n++ * 1e9);
        const at = { ...to, startUs };
        const track: Track = createTrack(header);
        const sent: number[] = [];
        for (let nowUs = 0; nowUs < atUs + 2_000_000; nowUs += 1000) {
          const known = phasesOf(told.filter((one) => one.heardUs <= nowUs).map(({ transition }) => transition));
          if (nowUs % (everyMs * 1000) === 0) {
            sent.push(nowUs);
            track.push(media(nowUs));
          }
          const begun = told[0]!.heardUs <= nowUs;
          if (begun && nowUs % 10_000 === 0) track.drain(nowUs, known, at);
          else if (!begun) track.prune(nowUs, known);
        }
        const all = phasesOf(told.map(({ transition }) => transition));
        track.drain(atUs + 3_000_000, all, at);
        expect(arrivals(to.written())).toEqual(sent.filter((arrival) => all.keep(arrival) === "write"));
      }),
      { numRuns: 40 },
    );
  });
});
