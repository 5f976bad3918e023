import { positionAt, type RecordingClock } from "@verbatim/shared/clock";
import type { InterviewId, RunId, SeatId, TrackId } from "@verbatim/shared/ids";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import { STOP_WAIT_MS } from "@verbatim/shared/recording/cuts";
import type { RunEnd } from "@verbatim/shared/spool/format";
import type { TapSeat, TapTrack } from "@verbatim/shared/tap/protocol";
import type { Log } from "@verbatim/hands/log";
import type { LogFile } from "../spool/writer.ts";
import type { Counters } from "./counters.ts";
import { askForKeyFrames, isPicture, mendPictures, openSlot, type Slot } from "./call-slot.ts";
import { createKeyFrameTimes } from "./key-frames.ts";
import { noPhases, phasesOf, type Phases } from "./phase.ts";
import { absenceOf } from "./presence.ts";
import { startRun, type Run } from "./run.ts";
import type { CallMessage, SfuLink } from "./sfu-link.ts";
import { type HostClock, offsetFor } from "./recording-offset.ts";
import { HELD_US, RIPE_US } from "./track.ts";

export type CallOptions = HostClock & {
  readonly spoolDir: string;
  readonly instance: string;
  /** Cameras and screens are left out now, so that sound is safe. */
  readonly leavesPictureOut: () => boolean;
  readonly newRunId: () => RunId;
  readonly counters: Counters;
  readonly log: Log;
  readonly onFault: (fault: unknown) => void;
  readonly file?: LogFile | undefined;
  /** Something was queued that has to be written within 20 ms. */
  readonly onQueued: () => void;
  /** The recording was stopped, and `second` is wanted after so many ms: its heartbeat lets the last chunk be made. */
  readonly onStopped: (afterMs: number) => void;
};

/** One interview's call as capture holds it: its tracks, in memory or being written, and the run under way. */
export type Call = AsyncDisposable & {
  readonly interviewId: InterviewId;
  /** The sfu's whole word on the call. */
  update(message: CallMessage, link: SfuLink): void;
  /** The connection to the sfu went, or came back. */
  linked(up: boolean): void;
  /** Writes what is ripe. True when something still ripens. */
  drain(): boolean;
  /** Once a second: marks sources that fell silent, frees memory, makes a heartbeat (not right after a stall). */
  second(stalled: boolean): Promise<void>;
  /** Writes what is ripe, makes it durable and ends the run. */
  endRun(reason: RunEnd["reason"]): Promise<void>;
  readonly run: Run | undefined;
};

/** A disk that fails every sync gets a new run this often, not every second. */
const RENEW_US = 30_000_000;

export function createCall(interviewId: InterviewId, options: CallOptions): Call {
  const { counters } = options;
  const log = options.log.with({ interviewId });
  const slots = new Map<TrackId, Slot>();
  let state: CallMessage | undefined;
  let control: RecordingControl | null = null;
  let phases: Phases = noPhases;
  let run: Run | undefined;
  let keyFrames: ReturnType<typeof createKeyFrameTimes> | undefined;
  let up = true;
  let lastLink: SfuLink | undefined;
  /** Added to this host's clock to have the recording's; fixed for a run, since arrivals must never jump. */
  let offsetUs = 0;
  let knownSinceUs: number | undefined;
  let ending: Promise<void> = Promise.resolve();
  let renewedUs = Number.NEGATIVE_INFINITY;
  /** Tracks whose log could not be made when last tried. */
  let unopened = 0;

  const now = (): number => options.nowUs() + offsetUs;

  const slotOf = (told: TapTrack, sinceBefore: boolean): Slot => {
    const known = slots.get(told.trackId);
    if (known) return known;
    const slot = openSlot(told, {
      interviewId,
      counters,
      log,
      now,
      sinceBefore,
      pushed: (track) => {
        if (track.absent === "sfu") markPresence();
        if (run) options.onQueued();
        else track.prune(now(), phases);
      },
    });
    slots.set(told.trackId, slot);
    return slot;
  };

  const followTracks = (message: CallMessage, link: SfuLink, listening: boolean): void => {
    const producing = new Set<TrackId>();
    for (const told of message.tracks) {
      // A picture is tapped while it is recorded and no longer: before Start there is nothing to hold ready for.
      if (isPicture(told) && !(message.picture && run)) continue;
      const { track, source } = slotOf(told, listening);
      if (isPicture(told) && options.leavesPictureOut()) continue;
      producing.add(told.trackId);
      source.want(link, told.producerId);
      if (told.muted !== track.muted) {
        const atUs = now();
        track.push({ type: "mark", arrivalUs: atUs, mark: { type: told.muted ? "mute" : "unmute", atUs } });
      }
    }
    for (const [trackId, { source }] of slots) if (!producing.has(trackId)) source.wantNothing();
  };

  /** The seat with its time on the recording's clock, which is not the sfu's after a reboot. */
  const seatOf = (seatId: SeatId): TapSeat | undefined => {
    const seat = state?.seats.find((told) => told.seatId === seatId);
    return seat && { ...seat, sinceUs: seat.sinceUs + offsetUs - (lastLink?.offsetUs ?? offsetUs) };
  };

  /** Marks the beginning and the end of each source's absence. */
  const markPresence = (): void => {
    const nowUs = now();
    for (const { track, sinceBefore } of slots.values()) {
      const { trackId, seatId } = track.header;
      const leftOut = options.leavesPictureOut() ? { cause: "load" as const, sinceUs: nowUs } : undefined;
      // A camera that is off is nobody's loss: of a picture only that is noted which was there and is not held.
      const absence = isPicture(track.header)
        ? leftOut
        : absenceOf({
            seat: seatOf(seatId),
            producing: state?.tracks.some((told) => told.trackId === trackId) ?? false,
            awaited: sinceBefore && track.lastArrivalUs === 0,
            linked: up,
            muted: track.muted,
            lastArrivalUs: track.lastArrivalUs,
            nowUs,
          });
      if (absence?.cause === track.absent) continue;
      const mark = absence
        ? { type: "absent" as const, atUs: Math.round(absence.sinceUs), cause: absence.cause }
        : { type: "present" as const, atUs: nowUs };
      track.push({ type: "mark", arrivalUs: nowUs, mark });
    }
    if (run) options.onQueued();
  };

  const openRun = (message: CallMessage, recording: RecordingControl, clock: RecordingClock): void => {
    // What lies in memory is all we hold: of a recording that began before that, this run begins later.
    const heldSinceUs = Math.max(knownSinceUs ?? now(), now() - HELD_US);
    const startUs = Math.max(clock.startUs, heldSinceUs);
    const runId = options.newRunId();
    run = startRun({
      spoolDir: options.spoolDir,
      startUs,
      control: recording,
      nowUs: options.nowUs,
      onFault: options.onFault,
      ...(options.file ? { file: options.file } : {}),
      header: {
        version: 1,
        tenantId: message.tenantId,
        interviewId,
        recordingId: recording.recordingId,
        runId,
        instance: options.instance,
        clock,
        startSamples: positionAt(clock, startUs),
        language: message.language.length >= 2 ? message.language : "und",
        keyTerms: message.keyTerms,
      },
    });
    keyFrames = createKeyFrameTimes(clock);
    log.info("run.started", { runId, recordingId: recording.recordingId, startSamples: run.header.startSamples });
  };

  const endRun = (reason: RunEnd["reason"], atUs: number): void => {
    const ended = run;
    if (!ended) return;
    drainInto(ended, now() + RIPE_US);
    run = undefined;
    log.info("run.ended", { runId: ended.header.runId, reason });
    ending = Promise.all([ending, ended.end(reason, atUs)]).then(() => {});
  };

  const followRecording = (message: CallMessage, link: SfuLink): void => {
    const recording = message.recording;
    const clock = recording?.clock;
    if (!run) offsetUs = offsetFor(clock ?? undefined, link, options);
    knownSinceUs ??= now();
    if (!recording || !clock) return;
    if (run && run.header.recordingId !== recording.recordingId) endRun("closed", phases.closedUs ?? now());
    if (JSON.stringify(recording) !== JSON.stringify(control)) {
      control = recording;
      phases = phasesOf(recording.transitions);
      run?.control(recording);
      const last = recording.transitions.at(-1);
      if (run && last?.to === "recording") askForKeyFrames(slots.values());
      if (run && last?.to === "stopped" && last.atUs !== null) {
        const waitUs = STOP_WAIT_MS * 1_000 + RIPE_US;
        options.onStopped(Math.max(0, Math.ceil((last.atUs + waitUs - now()) / 1_000)) + 1);
      }
    }
    if (phases.closedUs !== undefined) {
      endRun("closed", phases.closedUs);
      return;
    }
    if (!run) tryToOpenRun(message, recording, clock);
  };

  const tryToOpenRun = (message: CallMessage, recording: RecordingControl, clock: RecordingClock): void => {
    try {
      openRun(message, recording, clock);
    } catch (fault) {
      // No room or no right to make the directory: tried again every second, and what was said stays 2 s in memory.
      options.onFault(fault);
      log.error("run.start_failed", { cause: fault });
    }
  };

  const drainInto = (target: Run, nowUs: number): boolean => {
    let ripening = false;
    unopened = 0;
    for (const { track } of slots.values()) {
      try {
        if (track.drain(nowUs, phases, target)) ripening = true;
      } catch (fault) {
        // Its log could not be made: the track waits in memory, the others are written.
        unopened += 1;
        options.onFault(fault);
      }
    }
    target.flush();
    return ripening;
  };

  return {
    interviewId,
    update(message, link) {
      const listening = up && state !== undefined;
      up = true;
      lastLink = link;
      followRecording(message, link);
      state = message;
      followTracks(message, link, listening);
      markPresence();
    },
    linked(isUp) {
      up = isUp;
      markPresence();
    },
    drain() {
      if (!run) return false;
      const nowUs = now();
      if (keyFrames?.due(nowUs)) askForKeyFrames(slots.values());
      return drainInto(run, nowUs);
    },
    async second(stalled) {
      if (!run && control?.clock && state && lastLink && phases.closedUs === undefined)
        followRecording(state, lastLink);
      if (state && lastLink && up) followTracks(state, lastLink, true);
      mendPictures(slots.values());
      markPresence();
      const nowUs = now();
      if (!run) for (const { track } of slots.values()) track.prune(nowUs, phases);
      if (!run) return;
      drainInto(run, nowUs);
      // A heartbeat would call durable, and have readers close, what a track without a log holds in memory only.
      if (stalled || unopened > 0) {
        counters.heartbeatsSkipped += 1;
        return;
      }
      if (run.doubtful && nowUs - renewedUs > RENEW_US) {
        renewedUs = nowUs;
        knownSinceUs = nowUs;
        endRun("shutdown", nowUs);
        return;
      }
      if (await run.beat(nowUs - RIPE_US)) counters.heartbeats += 1;
      else counters.heartbeatsSkipped += 1;
    },
    async endRun(reason) {
      state = undefined;
      endRun(reason, now());
      await ending;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...slots.values()].map(({ source }) => source[Symbol.asyncDispose]()));
      slots.clear();
    },
    get run() {
      return run;
    },
  };
}
