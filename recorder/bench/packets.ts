import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { trackId, type InterviewId, type Role } from "@verbatim/shared/ids";
import type { SfuToCapture } from "@verbatim/shared/tap/protocol";
import { opusPackets } from "../test/opus-source.ts";
import { interviewOf, recordingOf, seatOf, tenantOf } from "../test/spool-samples.ts";

const ROLES = ["interviewer", "candidate"] as const satisfies readonly Role[];
/** How often packets come, and how RTP counts them: of a camera five make one of 25 frames a second, 1.1 Mb/s. */
const pace = {
  audio: { packetMs: 20, frame: 1, frameTicks: 960, codec: "opus", clockRate: 48_000, channels: 2 },
  camera: { packetMs: 8, frame: 5, frameTicks: 3_600, codec: "vp8", clockRate: 90_000, channels: 1 },
} as const;

/** One speaker's microphone or camera in one interview. */
export type Stream = {
  readonly kind: keyof typeof pace;
  readonly interview: number;
  readonly interviewId: InterviewId;
  readonly producerId: string;
  readonly seatId: ReturnType<typeof seatOf>;
  readonly role: Role;
};

/** Two speakers for each of `count` interviews, numbered from `first` on; ids are the same in every run. */
export function interviewStreams(count: number, first = 0): Stream[] {
  return Array.from({ length: count * ROLES.length }, (_, at) => {
    const n = first * ROLES.length + at;
    const interview = Math.floor(n / ROLES.length);
    return {
      kind: "audio",
      interview,
      interviewId: interviewOf(5_000 + interview),
      producerId: `producer-${n}`,
      seatId: seatOf(9_000 + n),
      role: ROLES[n % ROLES.length] ?? "candidate",
    };
  });
}

/** The same people with their cameras on. */
export const withCameras = (streams: readonly Stream[]): Stream[] =>
  streams.flatMap((stream) => [
    stream,
    { ...stream, kind: "camera" as const, producerId: `${stream.producerId}-camera` },
  ]);

/** What the sfu says of these interviews: everybody there, recording since now. */
export function recordedCalls(streams: readonly Stream[]): Extract<SfuToCapture, { type: "call" }>[] {
  const startUs = monotonicUs();
  const clock = { bootId: bootId(), startUs, startUtcMs: Date.now() };
  const interviews = Map.groupBy(streams, ({ interviewId }) => interviewId);
  return [...interviews].map(([interviewId, speakers]) => ({
    type: "call",
    tenantId: tenantOf(1),
    interviewId,
    language: "en",
    keyTerms: [],
    recording: {
      recordingId: recordingOf(7_000 + (speakers[0]?.interview ?? 0)),
      epoch: 1,
      controller: null,
      clock,
      transitions: [{ revision: 1, to: "recording", atUs: startUs }],
    },
    picture: speakers.some(({ kind }) => kind === "camera"),
    seats: speakers
      .filter(({ kind }) => kind === "audio")
      .map(({ seatId, role }) => ({ seatId, role, presence: "here", sinceUs: startUs })),
    tracks: speakers.map(({ producerId, seatId, role, kind }) => ({
      producerId,
      trackId: trackId(seatId, kind),
      seatId,
      role,
      kind,
      codec: pace[kind].codec,
      clockRate: pace[kind].clockRate,
      channels: pace[kind].channels,
      muted: false,
    })),
  }));
}

/** Two voices with pauses, made once: 20 ms Opus packets, 32 kb/s. Speech of flite where ffmpeg has it, else tones. */
export function voices(seconds: number): readonly (readonly Buffer[])[] {
  const voice = (pitch: number, pause: number): Buffer[] =>
    opusPackets(`aevalsrc='0.4*sin(${pitch}*2*PI*t)*(0.5+0.5*sin(17*t))*lt(mod(t\\,7)\\,${pause})':s=48000`, seconds);
  return [voice(210, 5), voice(140, 4)];
}

/** As a camera's packets are: 1,100 bytes each, as no codec makes them smaller. */
export const cameraPackets = (): readonly Buffer[] => Array.from({ length: 50 }, () => randomBytes(1_100));

/**
 * Sends every stream's packets in real time for `seconds`, each kind in its pace, spread evenly over the time from one
 * packet to the next, and catches up after a delay of its own. Answers how many were sent.
 */
export async function sendInterviews(options: {
  readonly streams: readonly Stream[];
  readonly voices: readonly (readonly Buffer[])[];
  readonly camera?: readonly Buffer[];
  readonly seconds: number;
  readonly send: (stream: Stream, packet: { readonly timestamp: number; readonly payload: Buffer }, n: number) => void;
}): Promise<number> {
  const { streams, voices: speech, camera = [], send } = options;
  const packets = streams.map(({ kind }) => Math.floor((options.seconds * 1000) / pace[kind].packetMs));
  const beganMs = performance.now();
  const next = streams.map(() => 0);
  for (;;) {
    const elapsedMs = performance.now() - beganMs;
    let open = false;
    for (const [index, stream] of streams.entries()) {
      const { packetMs, frame, frameTicks } = pace[stream.kind];
      const offsetMs = (index * packetMs) / streams.length;
      const content = stream.kind === "camera" ? camera : (speech[index % speech.length] ?? []);
      const last = packets[index] ?? 0;
      for (let n = next[index] ?? 0; n < last && n * packetMs + offsetMs <= elapsedMs; n++) {
        const payload = content[n % content.length];
        if (payload) send(stream, { timestamp: Math.floor(n / frame) * frameTicks, payload }, n);
        next[index] = n + 1;
      }
      if ((next[index] ?? 0) < last) open = true;
    }
    if (!open) return packets.reduce((sum, count) => sum + count, 0);
    await delay(2);
  }
}
