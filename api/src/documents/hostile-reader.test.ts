import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { hostileFrames, mutated, seeded } from "../../test/hostile-frames.ts";
import { arrayLog, at, observeLive, seat, serveLiveFrom } from "../../test/live-stage.ts";
import { readClientFrame } from "./live-frames.ts";

const STEP_1 = Uint8Array.of(0, 0, 1, 0);

it.each(hostileFrames)("%s changes nothing, and nobody else hears of it", async (_, frame, code) => {
  const updates = arrayLog();
  await using stage = await serveLiveFrom(updates);
  await stage.documents.write(at, (live) => live.appendSegment("a", seat as never, "one", []));
  await using near = observeLive(stage.url);
  const seen: number[] = [];
  near.provider.awareness.on("change", () => seen.push(near.provider.awareness.getStates().size));
  await expect.poll(() => near.provider.synced).toBe(true);
  const hostile = new WebSocket(stage.url);
  const closed = once(hostile, "close");
  await once(hostile, "open");
  hostile.send(frame);
  if (code === undefined) {
    // It reads on like everybody: its step 1 behind the frame is answered.
    hostile.send(STEP_1);
    await once(hostile, "message");
    hostile.close();
    await closed;
  } else expect((await closed)[0]).toBe(code);
  await stage.documents.write(at, (live) => live.appendSegment("b", seat as never, "two", []));
  await expect.poll(() => near.doc.getArray("transcript").length).toBe(2);
  expect(updates.updates).toHaveLength(2);
  expect(seen).toEqual([]);
});

it("three hundred mutated frames change nothing, and who reads beside them reads on", async () => {
  const updates = arrayLog();
  await using stage = await serveLiveFrom(updates);
  await using near = observeLive(stage.url);
  await expect.poll(() => near.provider.synced).toBe(true);
  const random = seeded(1);
  let stayed = 0;
  for (let sent = 0; sent < 300; ) {
    const hostile = new WebSocket(stage.url);
    const closed = once(hostile, "close");
    await once(hostile, "open");
    let open = true;
    for (let frames = 0; open && frames < 40; frames++, sent++) {
      const frame = mutated(random);
      hostile.send(frame);
      const { type } = readClientFrame(frame);
      open = type === "ignore";
      stayed += Number(open);
    }
    hostile.close();
    await closed;
  }
  expect(stayed).toBeGreaterThan(30);
  await stage.documents.write(at, (live) => live.appendSegment("a", seat as never, "one", []));
  await expect.poll(() => near.doc.getArray("transcript").length).toBe(1);
  expect(updates.updates).toHaveLength(1);
});
