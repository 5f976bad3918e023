import { positionAt, type RecordingClock } from "@verbatim/shared/clock";
import type { InterviewId, RunId, SeatId, TrackId, TrackKind } from "@verbatim/shared/ids";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import { STOP_WAIT_MS } from "@verbatim/shared/recording/cuts";
import type { RunEnd } from "@verbatim/shared/spool/format";
import type { TapSeat, TapTrack } from "@verbatim/shared/tap/protocol";
import type { Log } from "@verbatim/hands/log";
import type { LogFile } from "../spool/writer.ts";
import type { Counters } from "./counters.ts";
import { noPhases, phasesOf, type Phases } from "./phase.ts";
import { absenceOf } from "./presence.ts";
import { startRun, type Run } from "./run.ts";
import type { CallMessage, SfuLink } from "./sfu-link.ts";
import { createSource, type Source } from "./source.ts";
import { createTrack, HELD_US, RIPE_US, type Track } from "./track.ts";

export type CallOptions = {
  readonly spoolDir: string;
  readonly instance: string;
  /** Kinds of track to record. */
  readonly kinds: readonly TrackKind[];
  /** This host's monotonic µs, and the boot it counts from; UTC ms serves only recordings of another boot. */
  readonly nowUs: () => number;
  readonly bootId: string;
  readonly utcMs: () => number;
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

type Slot = { readonly track: Track; readonly source: Source };

export function createCall(interviewId: InterviewId, options: CallOptions): Call {
  const { counters } = options;
  const log = options.log.with({ interviewId });
  const slots = new Map<TrackId, Slot>();
  let state: CallMessage | undefined;
  let control: RecordingControl | null = null;
  let phases: Phases = noPhases;
  let run: Run | undefined;
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

  const slotOf = (told: TapTrack): Slot => {
    const known = slots.get(told.trackId);
    if (known) return known;
    const { trackId, seatId, role, kind, codec, clockRate, channels } = told;
    const track = createTrack({ version: 1, trackId, seatId, role, kind, source: "live", codec, clockRate, channels });
    const push: Track["push"] = (item) => {
      track.push(item);
      if (run) options.onQueued();
      else track.prune(now(), phases);
    };
    const source = createSource({
      interviewId,
      counters,
      log,
      sink: {
        media({ ssrc, sequence, timestamp, payload }) {
          if (payload.length > 0)
            push({ type: "media", arrivalUs: now(), ssrc, sequence, rtpTime: timestamp, payload });
        },
        reports(reports) {
          const arrivalUs = now();
          for (const { ssrc, ntpUs, rtpTime } of reports) {
            push({ type: "report", arrivalUs, report: { arrivalUs, ssrc, ntpUs, rtpTime } });
          }
        },
      },
    });
    const slot: Slot = { track, source };
    slots.set(trackId, slot);
    return slot;
  };

  const followTracks = (message: CallMessage, link: SfuLink): void => {
    const producing = new Set<TrackId>();
    for (const told of message.tracks) {
      if (!options.kinds.includes(told.kind)) continue;
      producing.add(told.trackId);
      const { track, source } = slotOf(told);
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
    for (const { track } of slots.values()) {
      const { trackId, seatId } = track.header;
      const absence = absenceOf({
        seat: seatOf(seatId),
        producing: state?.tracks.some((told) => told.trackId === trackId) ?? false,
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
      },
    });
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
      up = true;
      lastLink = link;
      followRecording(message, link);
      state = message;
      followTracks(message, link);
      markPresence();
    },
    linked(isUp) {
      up = isUp;
      markPresence();
    },
    drain: () => (run ? drainInto(run, now()) : false),
    async second(stalled) {
      if (!run && control?.clock && state && lastLink && phases.closedUs === undefined)
        followRecording(state, lastLink);
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

/** What to add to our clock to have the recording's. Its boot is ours, or the sfu's, or one that is over. */
function offsetFor(clock: RecordingClock | undefined, link: SfuLink, options: CallOptions): number {
  if (!clock || clock.bootId === link.bootId) return link.offsetUs;
  if (clock.bootId === options.bootId) return 0;
  // The host was rebooted since Start: UTC is all that both boots share, and the sfu reckons in the same way.
  return clock.startUs + (options.utcMs() - clock.startUtcMs) * 1_000 - options.nowUs();
}
