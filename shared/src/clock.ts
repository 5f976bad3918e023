import { z } from "zod";

/** Every position in a recording is an absolute number of samples at this rate, from Start. */
export const SAMPLE_RATE = 48_000;

/** The rate of the mix, of speech recognition and of the master. 48 kHz ÷ 3 exactly. */
export const MIX_RATE = 16_000;

/** Positions are whole samples; 2^53 of them last 5,900 years. */
export const Samples = z.int().min(0);

/**
 * Where position 0 lies: the SFU host's monotonic clock (µs since boot) at the moment Start was
 * accepted, anchored once to UTC. `bootId` tells a rebooted host, whose monotonic clock began anew.
 */
export const RecordingClock = z.strictObject({
  bootId: z.string().min(1).max(64),
  startUs: z.int().min(0),
  startUtcMs: z.int().min(0),
});
export type RecordingClock = z.infer<typeof RecordingClock>;

export const samplesToMs = (samples: number): number => Math.round((samples * 1000) / SAMPLE_RATE);
export const msToSamples = (ms: number): number => Math.round((ms * SAMPLE_RATE) / 1000);

/** Position of a monotonic time on the recording's clock; negative before Start. */
export const positionAt = (clock: RecordingClock, monotonicUs: number): number =>
  Math.round(((monotonicUs - clock.startUs) * SAMPLE_RATE) / 1_000_000);

/** UTC of a position, for people; never used to place audio. */
export const utcMsAt = (clock: RecordingClock, samples: number): number => clock.startUtcMs + samplesToMs(samples);
