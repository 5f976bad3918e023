import type { types } from "mediasoup-client";

const LOOK_MS = 20;
const SAMPLES_PER_MS = 48;
const GIVE_UP_MS = 30_000;

/**
 * Marks, once per page, the moment another person's first sound or picture was decoded: `verbatim.first-audio`,
 * `verbatim.first-video` in the browser's performance timeline. How long a join takes is read from there. Answers whether it
 * was this one; what comes after the first is not looked at.
 */
export async function markFirstMedia(consumer: types.Consumer): Promise<boolean> {
  const name = `verbatim.first-${consumer.kind}`;
  const beganMs = performance.now();
  while (!consumer.closed && performance.now() - beganMs < GIVE_UP_MS) {
    if (performance.getEntriesByName(name).length > 0) return false;
    const startTime = await decodedSince(consumer);
    if (startTime !== undefined) {
      performance.mark(name, { startTime: Math.max(beganMs, startTime) });
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}

/**
 * Since when it is decoded, on the page's clock, ms. Of sound the browser counts samples, so that a look which a busy
 * page takes late still says when they began.
 */
async function decodedSince(consumer: types.Consumer): Promise<number | undefined> {
  const report = await consumer.getStats();
  for (const stats of report.values() as Iterable<Record<string, unknown>>) {
    if (stats["type"] !== "inbound-rtp") continue;
    // Of sound, samples that came out of the jitter buffer: before the first packet the browser makes up silence, and counts it.
    const decoded = Number(consumer.kind === "audio" ? stats["jitterBufferEmittedCount"] : stats["framesDecoded"]);
    if (!(decoded > 0)) continue;
    if (consumer.kind === "video") return performance.now();
    return Number(stats["timestamp"]) - performance.timeOrigin - decoded / SAMPLES_PER_MS;
  }
  return undefined;
}
