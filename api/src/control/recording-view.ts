import { msToSamples, type RecordingClock, SAMPLE_RATE, samplesToMs } from "@verbatim/shared/clock";
import type { Participant } from "@verbatim/shared/control/protocol";
import { type SeatId, speaks, type TrackId, trackId, type TrackKind } from "@verbatim/shared/ids";
import { endPosition, place, type Transition } from "@verbatim/shared/recording/control";
import { type Control, PAUSE_WITHOUT_CANDIDATE_MS, UNDO_STOP_MS } from "@verbatim/shared/recording/state";
import { type ControllerFrom, type RecordingView, recordingOff } from "@verbatim/shared/recording/view";

/** Durable sound older than this, while recording, is a recording at risk. */
const AT_RISK_MS = 5_000;
/** Chunks are cut every 30 s and put 2 s after their end; more than two of them missing is a store that is away. */
const BEHIND_MS = 75_000;
/** Browsers hold a camera back for seconds where the network is short. */
const UNSEEN_MS = 10_000;

/** What a run last said of itself. */
export type MeasuredRun = {
  readonly startSamples: number;
  readonly durableSamples: number;
  readonly storedSamples: number;
  readonly endSamples: number | null;
  readonly alive: boolean;
  readonly backlog: number;
  readonly tracks: readonly { readonly seatId: SeatId; readonly kind: string; readonly lastPacketSamples: number }[];
};

export type ViewInput = {
  readonly control: Control;
  readonly controllerName: string;
  readonly controllerSinceMs: number | null;
  readonly controllerFrom: ControllerFrom | null;
  /** Who paused, empty for the system; undefined unless paused. */
  readonly pausedByName: string | undefined;
  readonly clock: RecordingClock | null;
  readonly transitions: readonly Transition[];
  readonly startedAtMs: number | null;
  /** When the first part began, UTC ms. */
  readonly begunAtMs: number | null;
  readonly runs: readonly MeasuredRun[];
  readonly participants: readonly Participant[];
  readonly recordsPictures: boolean;
  /** Since when each open microphone and camera was seen, UTC ms. */
  readonly openSince: ReadonlyMap<TrackId, number>;
  /** Since when the candidate has left for good and staff have not said that they keep recording, UTC ms. */
  readonly candidateGoneMs: number | null;
  readonly nowMs: number;
};

/** What everybody reads, from measurement alone: a figure nobody reported is zero, whatever was intended. */
export function recordingView(of: ViewInput): RecordingView {
  const { control } = of;
  const onServer = Math.max(0, ...of.runs.map((run) => run.durableSamples));
  const { lamp, risk } = lampOf(of, onServer);
  // After Stop capture goes on in the spool alone, in case it is undone; none of that is the recording.
  const end = (of.clock && endPosition(place(of.clock, of.transitions))) ?? Number.POSITIVE_INFINITY;
  return {
    ...recordingOff,
    lamp,
    risk,
    epoch: control.epoch,
    controllerSeatId: control.controller,
    controllerName: of.controllerName,
    controllerSinceMs: of.controllerSinceMs,
    ...(of.controllerFrom ? { controllerFrom: of.controllerFrom } : {}),
    startedAtMs: of.clock?.startUtcMs ?? null,
    ...(of.begunAtMs === null ? {} : { begunAtMs: of.begunAtMs }),
    heldAtMs: heldAt(of),
    pictures: of.recordsPictures ? (lamp === "safe" && unseen(of, onServer) ? "missing" : "kept") : "none",
    ...(of.pausedByName === undefined ? {} : { pausedByName: of.pausedByName }),
    onServerMs: samplesToMs(Math.min(end, onServer)),
    inStoreMs: samplesToMs(Math.min(end, inStore(of.runs))),
    undoUntilMs:
      control.phase === "stopped" && control.stoppedAtMs !== null ? control.stoppedAtMs + UNDO_STOP_MS : null,
    ...(control.phase === "recording" && of.candidateGoneMs !== null
      ? { pausesAtMs: of.candidateGoneMs + PAUSE_WITHOUT_CANDIDATE_MS }
      : {}),
    measuredAtMs: of.nowMs,
  };
}

/** Up to here every chunk of every run is in the store. */
export function inStore(runs: readonly MeasuredRun[]): number {
  const open = runs.filter((run) => !settled(run));
  return open.length > 0
    ? Math.min(...open.map((run) => run.storedSamples))
    : Math.max(0, ...runs.map((run) => run.storedSamples));
}

/** Ended, or dead, with everything it held in the store. */
export const settled = (run: Omit<MeasuredRun, "tracks">): boolean =>
  run.endSamples !== null
    ? run.storedSamples >= run.endSamples
    : !run.alive && run.backlog === 0 && run.storedSamples >= run.durableSamples;

function heldAt(of: ViewInput): number | null {
  if (of.clock === null || of.control.phase === "idle" || of.control.phase === "recording") return null;
  const placed = place(of.clock, of.transitions);
  const held = placed.findLast(({ to }) => to === "paused" || to === "stopped");
  // Paused, then stopped: the timer already stood still.
  const before = placed.at(placed.findLastIndex(({ to }) => to === "stopped") - 1);
  if (held?.to === "stopped" && before?.to === "paused") return samplesToMs(before.at);
  return held ? samplesToMs(held.at) : null;
}

function lampOf(of: ViewInput, onServer: number): Pick<RecordingView, "lamp" | "risk"> {
  const { phase } = of.control;
  if (phase === "idle") return { lamp: "off", risk: "" };
  if (phase !== "recording") return { lamp: phase, risk: "" };
  const sinceStartMs = of.startedAtMs === null ? 0 : of.nowMs - of.startedAtMs;
  if (of.clock === null || onServer === 0) {
    if (sinceStartMs <= AT_RISK_MS) return { lamp: "starting", risk: "" };
    return atRisk("Nothing has been recorded yet: the recorder has not answered. Please wait before going on.");
  }
  const now = msToSamples(of.nowMs - of.clock.startUtcMs);
  // While paused nothing is written, so what counts begins at the last resume.
  const resumed = place(of.clock, of.transitions).findLast(({ to }) => to === "recording")?.at ?? 0;
  const lateMs = samplesToMs(now - Math.max(onServer, resumed));
  if (lateMs > AT_RISK_MS) {
    return atRisk(`The recorder has not confirmed any sound for ${Math.round(lateMs / 1000)} seconds.`);
  }
  const silent = unheard(of, onServer);
  if (silent.length > 0) return atRisk(`No sound is arriving from ${silent.join(" and ")}.`);
  if (samplesToMs(onServer - inStore(of.runs)) > BEHIND_MS) return { lamp: "behind", risk: "" };
  return { lamp: "safe", risk: "" };
}

const atRisk = (risk: string) => ({ lamp: "at_risk", risk: risk.slice(0, 300) }) as const;

/** Speakers who agreed, whose microphone has been open for 5 s while the recorder, which is working, got no packet of it. */
const unheard = (of: ViewInput, onServer: number): string[] =>
  recorded(of)
    .filter(({ seatId, microphone }) => microphone === "on" && isMissing(of, seatId, "audio", onServer, AT_RISK_MS))
    .map(({ name }) => name);

/** A camera that is on, and of which the recorder, which is working, got nothing. A screen that stands still sends nothing either. */
const unseen = (of: ViewInput, onServer: number): boolean =>
  recorded(of).some(
    ({ seatId, camera, paused }) => camera && paused !== true && isMissing(of, seatId, "camera", onServer, UNSEEN_MS),
  );

const recorded = ({ participants }: ViewInput): Participant[] =>
  participants.filter(({ role, consented, presence }) => speaks(role) && consented && presence === "here");

function isMissing(of: ViewInput, seatId: SeatId, kind: TrackKind, onServer: number, lateMs: number): boolean {
  const openMs = of.nowMs - (of.openSince.get(trackId(seatId, kind)) ?? of.nowMs);
  const packets = of.runs
    .flatMap(({ tracks }) => tracks)
    .filter((track) => track.seatId === seatId && track.kind === kind)
    .map(({ lastPacketSamples }) => lastPacketSamples);
  return openMs > lateMs && onServer - Math.max(0, ...packets) > (lateMs * SAMPLE_RATE) / 1000;
}
