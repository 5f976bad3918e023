import { setTimeout as delay } from "node:timers/promises";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { trackId, type InterviewId, type Role } from "@verbatim/shared/ids";
import type { SfuToCapture } from "@verbatim/shared/tap/protocol";
import { opusPackets } from "../test/opus-source.ts";
import { interviewOf, recordingOf, seatOf, tenantOf } from "../test/spool-samples.ts";

const ROLES = ["interviewer", "candidate"] as const satisfies readonly Role[];
const PACKET_MS = 20;
/** RTP ticks of one packet. */
const PACKET_TICKS = 960;

/** One speaker of one interview. */
export type Stream = {
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
      interview,
      interviewId: interviewOf(5_000 + interview),
      producerId: `producer-${n}`,
      seatId: seatOf(9_000 + n),
      role: ROLES[n % ROLES.length] ?? "candidate",
    };
  });
}

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
    recording: {
      recordingId: recordingOf(7_000 + (speakers[0]?.interview ?? 0)),
      epoch: 1,
      controller: null,
      clock,
      transitions: [{ revision: 1, to: "recording", atUs: startUs }],
    },
    picture: false,
    seats: speakers.map(({ seatId, role }) => ({ seatId, role, presence: "here", sinceUs: startUs })),
    tracks: speakers.map(({ producerId, seatId, role }) => ({
      producerId,
      trackId: trackId(seatId, "audio"),
      seatId,
      role,
      kind: "audio",
      codec: "opus",
      clockRate: 48_000,
      channels: 2,
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

/**
 * Sends every stream's packets in real time for `seconds`, 50 a second each, spread evenly over the 20 ms, and
 * catches up after a delay of its own. Answers how many were sent per stream.
 */
export async function sendInterviews(options: {
  readonly streams: readonly Stream[];
  readonly voices: readonly (readonly Buffer[])[];
  readonly seconds: number;
  readonly send: (stream: Stream, packet: { readonly timestamp: number; readonly payload: Buffer }, n: number) => void;
}): Promise<number> {
  const { streams, voices: speech, send } = options;
  const packets = Math.floor((options.seconds * 1000) / PACKET_MS);
  const beganMs = performance.now();
  const next = streams.map(() => 0);
  for (;;) {
    const elapsedMs = performance.now() - beganMs;
    let open = false;
    for (const [index, stream] of streams.entries()) {
      const offsetMs = (index * PACKET_MS) / streams.length;
      const voice = speech[index % speech.length] ?? [];
      for (let n = next[index] ?? 0; n < packets && n * PACKET_MS + offsetMs <= elapsedMs; n++) {
        const payload = voice[n % voice.length];
        if (payload) send(stream, { timestamp: n * PACKET_TICKS, payload }, n);
        next[index] = n + 1;
      }
      if ((next[index] ?? 0) < packets) open = true;
    }
    if (!open) return packets;
    await delay(2);
  }
}
