import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { msToSamples } from "@verbatim/shared/clock";
import type { RunId, SeatId } from "@verbatim/shared/ids";
import type { Transition } from "@verbatim/shared/recording/control";
import { CONTROL_LOG, type Mark, type RunEnd, trackLog } from "@verbatim/shared/spool/format";
import { openLogWriter, type LogWriter } from "../src/spool/writer.ts";
import type { SentPacket } from "./picture-source.ts";
import { cameraHeaderOf, controlRecord, runHeader, trackHeaderOf } from "./spool-samples.ts";

const START_US = runHeader.clock.startUs;

/** A speaker's packets, 20 ms each; `atMs` is when the first one's sound begins on the recording's clock. */
export type Voice = {
  readonly seat: SeatId;
  readonly packets: readonly Uint8Array[];
  readonly atMs?: number;
  /** What comes later than it should, or (Infinity) never. */
  readonly delayMs?: (n: number) => number;
  readonly marks?: readonly Mark[];
};

/** A camera's packets, as `sendPicture` makes them; the first frame is taken at `atMs`. */
export type Camera = {
  readonly seat: SeatId;
  readonly codec: "vp8" | "h264";
  readonly sent: readonly SentPacket[];
  readonly atMs?: number;
  /** ms on the way, or Infinity for what never comes. */
  readonly delayMs?: (n: number) => number;
  readonly marks?: readonly Mark[];
};

export type SyntheticRun = {
  readonly dir: string;
  readonly header: typeof runHeader;
  /** Writes everything that arrives up to a moment, and a heartbeat that says so. */
  writeTo(ms: number): void;
  /** Tells the run of a control state; `atMs` on the recording's clock. */
  control(...transitions: { readonly to: Transition["to"]; readonly atMs: number }[]): void;
  end(atMs: number, reason?: RunEnd["reason"]): void;
};

/** A run in the spool, written by the real writer, in no more time than writing takes. */
export function syntheticRun(options: {
  readonly spoolDir: string;
  readonly voices: readonly Voice[];
  readonly cameras?: readonly Camera[];
  readonly runId?: RunId;
  readonly startMs?: number;
}): SyntheticRun {
  const header = {
    ...runHeader,
    ...(options.runId && { runId: options.runId }),
    startSamples: msToSamples(options.startMs ?? 0),
  };
  const dir = join(options.spoolDir, header.instance, header.runId);
  mkdirSync(dir, { recursive: true });
  const control = openLogWriter(join(dir, CONTROL_LOG));
  control.append({ type: "run", header });
  const at = (ms: number): number => START_US + Math.round(ms * 1000);

  type Line = { readonly ms: number; readonly write: (log: LogWriter) => void };
  const lines = (media: readonly Line[], noted: readonly Mark[] = []): Line[] => {
    const marks = noted.map((mark): Line => {
      return { ms: (mark.atUs - START_US) / 1000, write: (to) => to.append({ type: "mark", mark }) };
    });
    return [...media, ...marks].filter(({ ms }) => Number.isFinite(ms)).toSorted((a, b) => a.ms - b.ms);
  };
  const voices = options.voices.map((voice) => {
    const trackHeader = trackHeaderOf(voice.seat);
    const log = openLogWriter(join(dir, trackLog(trackHeader.trackId)));
    log.append({ type: "track", header: trackHeader });
    const media = voice.packets.map((payload, n): Line => {
      const ms = (voice.atMs ?? 0) + n * 20 + (voice.delayMs?.(n) ?? 0);
      const packet = { arrivalUs: at(ms), sequence: n & 0xffff, rtpTime: (1_000 + n * 960) >>> 0, payload };
      return { ms, write: (to) => to.appendMedia(packet) };
    });
    return { log, lines: lines(media, voice.marks), next: 0 };
  });
  const cameras = (options.cameras ?? []).map(({ seat, codec, sent, atMs = 0, delayMs, marks }) => {
    const trackHeader = cameraHeaderOf(seat, codec);
    const log = openLogWriter(join(dir, trackLog(trackHeader.trackId)));
    log.append({ type: "track", header: trackHeader });
    const media = sent.map(({ payload, ticks }, n): Line => {
      const ms = atMs + ticks / 90 + (delayMs?.(n) ?? 0);
      // Both numbers roll over on the way.
      const packet = {
        arrivalUs: at(ms),
        sequence: (65_500 + n) & 0xffff,
        rtpTime: (4_294_000_000 + ticks) >>> 0,
        payload,
      };
      return { ms, write: (to) => to.appendMedia(packet) };
    });
    return { log, lines: lines(media, marks), next: 0 };
  });
  const tracks = [...voices, ...cameras];
  let written = 0;

  return {
    dir,
    header,
    writeTo(ms) {
      for (let second = Math.min(written + 1_000, ms); written < ms; second = Math.min(second + 1_000, ms)) {
        for (const track of tracks) {
          for (let line = track.lines[track.next]; line && line.ms <= second; line = track.lines[++track.next]) {
            if (line.ms >= (options.startMs ?? 0)) line.write(track.log);
          }
          track.log.flush();
        }
        control.append({ type: "heartbeat", heartbeat: { atUs: at(second), durableSamples: msToSamples(second) } });
        control.flush();
        written = second;
      }
    },
    control(...transitions) {
      control.append(controlRecord(...transitions.map(({ to, atMs }, n) => ({ revision: n + 1, to, atUs: at(atMs) }))));
      control.flush();
    },
    end(atMs, reason = "closed") {
      const end = { atUs: at(atMs), atSamples: msToSamples(atMs), reason };
      for (const { log } of tracks) {
        log.append({ type: "end", end });
        log.close();
      }
      control.append({ type: "end", end });
      control.close();
    },
  };
}

/** A moment on the recording's clock as marks want it. */
export const markUs = (ms: number): number => START_US + ms * 1000;
