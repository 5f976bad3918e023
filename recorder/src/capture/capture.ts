import { setImmediate, setTimeout as delay } from "node:timers/promises";
import type { InterviewId, RunId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import { isFull, type LogFile } from "../spool/writer.ts";
import { createCall, type Call } from "./call.ts";
import { createCounters, type Counters } from "./counters.ts";
import { createGiveWay, type GiveWay } from "./give-way.ts";
import { leftRuns, recoverRun } from "./recover.ts";
import { createReserve, type Reserve } from "./reserve.ts";
import { keepSfuLink, type LinkEvents, type SfuLink } from "./sfu-link.ts";

export type CaptureOptions = {
  readonly spoolDir: string;
  readonly instance: string;
  readonly sfuUrl: string;
  readonly token: () => Promise<string>;
  readonly nowUs: () => number;
  readonly utcMs: () => number;
  readonly bootId: string;
  readonly random: () => number;
  readonly newRunId: () => RunId;
  readonly log: Log;
  readonly reserveBytes?: number;
  readonly file?: LogFile;
};

/** Everything between the sfu's tap socket and the spool. Disposing flushes and ends every run (`shutdown`). */
export type Capture = AsyncDisposable & {
  readonly linked: boolean;
  readonly counters: Counters;
  readonly reserve: Reserve;
  readonly giveWay: GiveWay;
  readonly calls: readonly Call[];
  /** Resolves when the runs that an earlier process left open are ended. */
  readonly recovered: Promise<void>;
};

/** With packets ripe after 4 ms this puts every packet into its file at most 19 ms after its arrival. */
const DRAIN_MS = 15;
const SECOND_MS = 1_000;
const LAST_LOOK_MS = 20;
const STALL_US = 500_000;
const LATE_US = 50_000;
/** Pictures of 20 interviews fill 50 MB in this time. */
const DISK_CHECK_SECONDS = 10;

export async function startCapture(options: CaptureOptions): Promise<Capture> {
  const { log, nowUs } = options;
  const counters = createCounters();
  const calls = new Map<InterviewId, Call>();
  const stop = new AbortController();
  const background = new Set<Promise<void>>();
  const reserve = createReserve({
    ...options,
    ...(options.reserveBytes === undefined ? {} : { bytes: options.reserveBytes }),
  });
  const giveWay = createGiveWay();
  const leavesPictureOut = (): boolean => giveWay.because !== undefined;
  let link: SfuLink | undefined;

  const inBackground = (event: string, work: Promise<void>): Promise<void> => {
    const held: Promise<void> = work
      .catch((cause: unknown) => {
        log.error(event, { cause });
      })
      .finally(() => background.delete(held));
    background.add(held);
    return held;
  };

  const onFault = (fault: unknown): void => {
    counters.diskFaults += 1;
    const full = isFull(fault);
    // A disk that refuses everything refuses hundreds of times per second: one line per second is enough.
    if (nowUs() - faultLoggedUs > 1_000_000) {
      faultLoggedUs = nowUs();
      log.error(full ? "disk.full" : "disk.failed", { cause: fault });
    }
    if (full) reserve.free();
    if (full) giveWay.full(nowUs());
  };
  let faultLoggedUs = Number.NEGATIVE_INFINITY;

  let draining: NodeJS.Timeout | undefined;
  const drain = (): void => {
    draining = undefined;
    let ripening = false;
    for (const call of calls.values()) if (call.drain()) ripening = true;
    if (ripening) drainSoon();
  };
  const drainSoon = (): void => {
    draining ??= setTimeout(drain, DRAIN_MS);
  };

  const callOf = (interviewId: InterviewId): Call => {
    const known = calls.get(interviewId);
    if (known) return known;
    const onStopped = (afterMs: number): void => {
      const wantedUs = nowUs() + afterMs * 1_000;
      setTimeout(() => {
        // Late, and packets may wait unread: the next second's heartbeat has to do.
        if (nowUs() - wantedUs < LATE_US) void inBackground("run.heartbeat_failed", call.second(false));
      }, afterMs).unref();
    };
    const call = createCall(interviewId, {
      ...options,
      counters,
      onFault,
      leavesPictureOut,
      onQueued: drainSoon,
      onStopped,
    });
    calls.set(interviewId, call);
    return call;
  };

  const endCall = (interviewId: InterviewId): void => {
    const call = calls.get(interviewId);
    if (!call) return;
    calls.delete(interviewId);
    void inBackground(
      "call.end_failed",
      call.endRun("closed").finally(() => call[Symbol.asyncDispose]()),
    );
  };

  const events: LinkEvents = {
    up(to) {
      link = to;
    },
    call(message) {
      if (link) callOf(message.interviewId).update(message, link);
    },
    gone({ interviewId }) {
      endCall(interviewId);
    },
    calls({ interviewIds }) {
      const there = new Set(interviewIds);
      for (const interviewId of calls.keys()) if (!there.has(interviewId)) endCall(interviewId);
    },
    down() {
      link = undefined;
      for (const call of calls.values()) call.linked(false);
    },
  };

  // Listed before the first run is made: what is found is an earlier process's.
  const left = await leftRuns(options.spoolDir, options.instance);
  const recovered = inBackground(
    "run.recovery_failed",
    (async () => {
      for (const dir of left) {
        if (stop.signal.aborted) return;
        await recoverRun(dir, log).catch((cause: unknown) => {
          log.error("run.recovery_failed", { dir, cause });
        });
      }
    })(),
  );
  const linking = keepSfuLink({ ...options, url: options.sfuUrl, events, signal: stop.signal });

  let dueUs = nowUs() + SECOND_MS * 1000;
  let seconds = 0;
  const beat = setInterval(() => {
    const atUs = nowUs();
    const stalled = atUs - dueUs > STALL_US;
    const before = giveWay.because;
    const heldBytes = [...calls.values()].reduce((sum, { run }) => sum + (run?.heldPictureBytes ?? 0), 0);
    giveWay.look({ freeBytes: reserve.freeBytes, lateMs: (atUs - dueUs) / 1000, heldBytes }, atUs);
    if (giveWay.because !== before) log.warn("pictures.give_way", { because: giveWay.because ?? "over", heldBytes });
    dueUs = atUs + SECOND_MS * 1000;
    if (stalled) {
      counters.stalls += 1;
      log.warn("capture.stalled", { ms: Math.round((atUs - dueUs) / 1000) + SECOND_MS });
    }
    for (const call of calls.values()) void inBackground("run.heartbeat_failed", call.second(stalled));
    if (seconds++ % DISK_CHECK_SECONDS === 0) void inBackground("disk.check_failed", reserve.check(stop.signal));
  }, SECOND_MS);

  return {
    counters,
    reserve,
    giveWay,
    recovered,
    get linked() {
      return link !== undefined;
    },
    get calls() {
      return [...calls.values()];
    },
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      // What came in before we were asked to end may still wait in the sockets.
      await delay(LAST_LOOK_MS);
      // On a starved machine the delay may pass without a look; each of these comes after one, of 32 packets a socket.
      for (let look = 0; look < 3; look++) await setImmediate();
      clearTimeout(draining);
      // The runs first: their end must not wait for the sfu, and taps end with the connection.
      await Promise.all([...calls.values()].map((call) => call.endRun("shutdown")));
      stop.abort();
      await linking;
      await Promise.all([...calls.values()].map((call) => call[Symbol.asyncDispose]()));
      await Promise.all(background);
    },
  };
}
