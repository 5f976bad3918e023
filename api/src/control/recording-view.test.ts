import { describe, expect, it } from "vitest";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { Participant } from "@verbatim/shared/control/protocol";
import { type SeatId, trackId } from "@verbatim/shared/ids";
import { inStore, type MeasuredRun, recordingView, type ViewInput } from "./recording-view.ts";

const seatId = "11111111-1111-4111-8111-111111111111" as SeatId;
const s = (seconds: number): number => seconds * SAMPLE_RATE;
const clock = { bootId: "b", startUs: 0, startUtcMs: 1_000_000 };
const run = (change: Partial<MeasuredRun> = {}): MeasuredRun => ({
  startSamples: 0,
  durableSamples: s(60),
  storedSamples: s(30),
  endSamples: null,
  alive: true,
  backlog: 1,
  tracks: [{ seatId, kind: "audio", lastPacketSamples: s(60) }],
  ...change,
});
const speaker: Participant = {
  seatId,
  role: "candidate",
  name: "Ada",
  presence: "here",
  microphone: "on",
  camera: false,
  screen: false,
  quality: "good",
  consented: true,
};
const at = (change: Partial<ViewInput> = {}): ViewInput => ({
  control: { phase: "recording", before: "recording", controller: seatId, epoch: 1, revision: 1, stoppedAtMs: null },
  controllerName: "Grace",
  controllerSinceMs: null,
  controllerFrom: null,
  pausedByName: undefined,
  clock,
  transitions: [{ revision: 1, to: "recording", atUs: 0 }],
  startedAtMs: clock.startUtcMs,
  begunAtMs: clock.startUtcMs,
  runs: [run()],
  participants: [speaker],
  recordsPictures: false,
  openSince: new Map([[trackId(seatId, "audio"), clock.startUtcMs]]),
  candidateGoneMs: null,
  nowMs: clock.startUtcMs + 61_000,
  ...change,
});

describe("the lamp", () => {
  it("is safe while sound of everybody becomes durable", () => {
    expect(recordingView(at())).toMatchObject({ lamp: "safe", risk: "", onServerMs: 60_000, inStoreMs: 30_000 });
    expect(recordingView(at()).measuredAtMs).toBe(clock.startUtcMs + 61_000);
  });

  it("says nothing is safe until the first byte is durable", () => {
    const started = { runs: [], nowMs: clock.startUtcMs + 2_000 };
    expect(recordingView(at(started))).toMatchObject({ lamp: "starting", onServerMs: 0 });
    expect(recordingView(at({ runs: [], nowMs: clock.startUtcMs + 6_000 })).lamp).toBe("at_risk");
    expect(recordingView(at({ clock: null, runs: [], nowMs: clock.startUtcMs + 6_000 })).lamp).toBe("at_risk");
  });

  it("is at risk when durable sound is older than 5 s, with a sentence and the old figure", () => {
    const view = recordingView(at({ nowMs: clock.startUtcMs + 65_500 }));
    expect(view).toMatchObject({ lamp: "at_risk", onServerMs: 60_000 });
    expect(view.risk).toMatch(/6 seconds/);
    expect(recordingView(at({ nowMs: clock.startUtcMs + 64_500 })).lamp).toBe("safe");
  });

  it("names a speaker whose open microphone has sent nothing for 5 s", () => {
    const silent = run({ tracks: [{ seatId, kind: "audio", lastPacketSamples: s(54) }] });
    expect(recordingView(at({ runs: [silent] })).risk).toBe("No sound is arriving from Ada.");
    expect(recordingView(at({ runs: [run({ tracks: [] })] })).lamp).toBe("at_risk");
    // A microphone that has just been opened is given its five seconds.
    const justNow = new Map([[trackId(seatId, "audio"), clock.startUtcMs + 58_000]]);
    expect(recordingView(at({ runs: [silent], openSince: justNow })).lamp).toBe("safe");
  });

  it("does not mind silence of a muted or absent person, or of an observer", () => {
    const runs = [run({ tracks: [] })];
    for (const change of [{ microphone: "muted" }, { presence: "away" }, { role: "observer" }] as const) {
      expect(recordingView(at({ runs, participants: [{ ...speaker, ...change }] })).lamp).toBe("safe");
    }
  });

  it("is behind when the store is more than 75 s behind the server", () => {
    const runs = [run({ durableSamples: s(120), storedSamples: s(40), tracks: [] })];
    const late = { runs, participants: [], nowMs: clock.startUtcMs + 121_000 };
    expect(recordingView(at(late)).lamp).toBe("behind");
  });

  it("counts from the resume, because nothing is written while paused", () => {
    const transitions = [
      { revision: 1, to: "recording", atUs: 0 },
      { revision: 2, to: "paused", atUs: 60_000_000 },
      { revision: 3, to: "recording", atUs: 100_000_000 },
    ] as const;
    const resumed = { transitions: [...transitions], participants: [], nowMs: clock.startUtcMs + 103_000 };
    expect(recordingView(at(resumed)).lamp).toBe("safe");
    expect(recordingView(at({ ...resumed, nowMs: clock.startUtcMs + 106_000 })).lamp).toBe("at_risk");
  });
});

describe("what is recorded beside the sound", () => {
  const filmed = (lastPacketSamples: number, change: Partial<Participant> = {}): ViewInput =>
    at({
      recordsPictures: true,
      participants: [{ ...speaker, camera: true, ...change }],
      openSince: new Map((["audio", "camera"] as const).map((kind) => [trackId(seatId, kind), clock.startUtcMs])),
      runs: [
        run({
          tracks: [
            { seatId, kind: "audio", lastPacketSamples: s(60) },
            { seatId, kind: "camera", lastPacketSamples },
          ],
        }),
      ],
    });

  it("is nothing where the interview records none, else pictures, as long as they arrive", () => {
    expect(recordingView(at()).pictures).toBe("none");
    expect(recordingView(filmed(s(59))).pictures).toBe("kept");
  });

  it("is missing while a camera is on and did not reach the recorder for 10 s, and never makes the sound unsafe", () => {
    expect(recordingView(filmed(s(51))).pictures).toBe("kept");
    expect(recordingView(filmed(s(49)))).toMatchObject({ pictures: "missing", lamp: "safe" });
  });

  it("does not mind a camera that is off, of a phone that sleeps, or of who did not agree", () => {
    for (const change of [{ camera: false }, { paused: true }, { consented: false }, { presence: "away" }] as const) {
      expect(recordingView(filmed(0, change)).pictures).toBe("kept");
    }
  });
});

it("holds the timer where it was paused, also when it is stopped after that", () => {
  const transitions = [
    { revision: 1, to: "recording", atUs: 0 },
    { revision: 2, to: "paused", atUs: 10_000_000 },
    { revision: 3, to: "stopped", atUs: 20_000_000 },
  ] as const;
  const control = { ...at().control, phase: "stopped", stoppedAtMs: clock.startUtcMs + 20_000 } as const;
  const view = recordingView(at({ control, transitions: [...transitions] }));
  expect(view).toMatchObject({ lamp: "stopped", heldAtMs: 10_000, undoUntilMs: clock.startUtcMs + 140_000 });
  // What capture went on to hold after Stop is no part of the recording.
  expect(view).toMatchObject({ onServerMs: 20_000, inStoreMs: 20_000 });
});

describe("in the store", () => {
  it("is what every run that still has something to deliver has delivered", () => {
    const dead = run({ durableSamples: s(40), storedSamples: s(30), endSamples: s(40), alive: false });
    const next = run({ startSamples: s(42), durableSamples: s(90), storedSamples: s(60) });
    expect(inStore([dead, next])).toBe(s(30));
    expect(inStore([{ ...dead, storedSamples: s(40), backlog: 0 }, next])).toBe(s(60));
    expect(inStore([])).toBe(0);
  });
});
