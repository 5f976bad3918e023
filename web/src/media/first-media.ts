import type { types } from "mediasoup-client";

const LOOK_MS = 20;
const GIVE_UP_MS = 30_000;

/**
 * Marks, once per page, the moment another person's first sound or picture was decoded: `verbatim.first-audio`,
 * `verbatim.first-video` in the browser's performance timeline. How long a join takes is read from there.
 */
export async function markFirstMedia(consumer: types.Consumer): Promise<void> {
  const name = `verbatim.first-${consumer.kind}`;
  const beganMs = performance.now();
  while (!consumer.closed && performance.now() - beganMs < GIVE_UP_MS) {
    if (performance.getEntriesByName(name).length > 0) return;
    if (await decodes(consumer)) {
      performance.mark(name);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function decodes(consumer: types.Consumer): Promise<boolean> {
  const report = await consumer.getStats();
  for (const stats of report.values() as Iterable<Record<string, unknown>>) {
    if (stats["type"] !== "inbound-rtp") continue;
    // Of sound, samples that came out of the jitter buffer: before the first packet the browser makes up silence, and counts it.
    const decoded = consumer.kind === "audio" ? stats["jitterBufferEmittedCount"] : stats["framesDecoded"];
    if (Number(decoded) > 0) return true;
  }
  return false;
}
