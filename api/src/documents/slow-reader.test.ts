import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { arrayLog, at, observeLive, seat, serveLiveFrom } from "../../test/live-stage.ts";
import { slowRelay } from "../../test/slow-relay.ts";
import { readerLimits } from "./live-reader.ts";

/** What a second of 8 kbit/s holds. */
const SLOW = 1_000;
const STEP_1 = Uint8Array.of(0, 0, 1, 0);
const words = "and then we compared the answers ".repeat(1_000);

it("a reader at 8 kbit/s is let go with a bounded rest unsent, and the others read on", async () => {
  await using stage = await serveLiveFrom(arrayLog());
  await using relay = await slowRelay(stage.port, SLOW);
  await using near = observeLive(stage.url);
  await expect.poll(() => near.provider.synced).toBe(true);
  const slow = new WebSocket(`ws://127.0.0.1:${relay.port}`);
  await once(slow, "open");
  slow.send(STEP_1);
  await once(slow, "message");
  const [, behind] = stage.sockets();
  let written = 0;
  let most = 0;
  // The kernel takes some megabytes before anything waits with us.
  while (behind?.readyState === WebSocket.OPEN) {
    const n = ++written;
    stage.documents.tell(at, seat, { startMs: n, text: words });
    await setImmediate();
    most = Math.max(most, behind.bufferedAmount);
    expect(n).toBeLessThan(2_000);
  }
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(readerLimits.bufferedBytes + 2 * words.length);
  await expect.poll(() => stage.sockets().length).toBe(1);
  expect(behind?.bufferedAmount).toBe(0);
  await expect.poll(() => near.now.get(seat)).toMatchObject({ startMs: written });
});

it("a reader who asks for the document again and again, and takes nothing, is let go as well", async () => {
  await using stage = await serveLiveFrom(arrayLog());
  for (let n = 0; n < 20; n++)
    await stage.documents.write(at, (live) => live.appendSegment(String(n), seat as never, words, []));
  await using relay = await slowRelay(stage.port, SLOW);
  const slow = new WebSocket(`ws://127.0.0.1:${relay.port}`);
  await once(slow, "open");
  const [behind] = stage.sockets();
  let most = 0;
  // As often as the rate lets anybody ask.
  const asking = setInterval(() => slow.send(STEP_1), 1_000 / readerLimits.rate + 5);
  const looking = setInterval(() => (most = Math.max(most, behind?.bufferedAmount ?? 0)), 1);
  try {
    await expect.poll(() => stage.sockets().length).toBe(0);
  } finally {
    clearInterval(asking);
    clearInterval(looking);
  }
  expect(most).toBeLessThan(readerLimits.bufferedBytes + 2 * 20 * words.length);
});
