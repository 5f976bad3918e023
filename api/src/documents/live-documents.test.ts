import { once } from "node:events";
import fc from "fast-check";
import * as decoding from "lib0/decoding";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { unpackWordTimes } from "@verbatim/shared/document/word-times";
import { recordingOff } from "@verbatim/shared/recording/view";
import { arrayLog, at, observeLive, seat, serveLiveFrom } from "../../test/live-stage.ts";
import { readClientFrame } from "./live-frames.ts";
import { keepAliveFrame } from "./sync-frames.ts";
import type { UpdateLog } from "./update-log.ts";

let opened: AsyncDisposableStack;
beforeEach(() => void (opened = new AsyncDisposableStack()));
afterEach(() => opened.disposeAsync());
const serve = async (updates: UpdateLog) => opened.use(await serveLiveFrom(updates));
const observe = (url: string) => opened.use(observeLive(url));

const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 5_000, interval: 5 }).toBe(true);
};

const words = [
  { startMs: 1_000, endMs: 1_400 },
  { startMs: 1_420, endMs: 1_900 },
];

describe("the live document", () => {
  it("reaches the stock y-websocket client, what was there before it came and what comes after", async () => {
    const { url, documents } = await serve(arrayLog());
    await documents.write(at, (live) => live.appendSegment("a", seat as never, "hello there", words));
    const { doc } = observe(url);
    await until(() => doc.getArray("transcript").length === 1);
    const [id, speaker, text, times] = doc.getArray("transcript").get(0) as [string, string, string, Uint8Array];
    expect([id, speaker, text]).toEqual(["a", seat, "hello there"]);
    expect(unpackWordTimes(times)).toEqual(words);
  });

  it("is sent at once and once to who says that they have nothing, and as ever to who asks for more", async () => {
    const { url, documents } = await serve(arrayLog());
    await documents.write(at, (live) => live.appendSegment("a", seat as never, "hello there", words));
    const socket = new WebSocket(`${url}/live?from=start`);
    const sent: number[] = [];
    let updates = 0;
    socket.on("message", (data: Buffer) => {
      if (data[0] !== 0) return;
      if (data[1] === 2) return void updates++;
      const doc = new Y.Doc();
      Y.applyUpdate(doc, decoding.readVarUint8Array(decoding.createDecoder(data.subarray(2))));
      sent.push(doc.getArray("transcript").length);
    });
    await until(() => sent.length === 1);
    const step1 = Uint8Array.of(0, 0, 1, 0);
    socket.send(step1);
    socket.ping();
    await once(socket, "pong"); // It was read, and an answer would come before what is written now.
    await documents.write(at, (live) => live.appendSegment("b", seat as never, "and on", words));
    await until(() => updates === 1);
    expect(sent).toEqual([1]);
    socket.send(step1);
    await until(() => sent.length === 2);
    expect(sent).toEqual([1, 2]);
    socket.terminate();
  });

  it("tells what holds now to who is there and who comes, replaces it, and stores nothing of it", async () => {
    const updates = arrayLog();
    const { url, documents } = await serve(updates);
    const early = observe(url);
    await until(() => early.provider.synced);
    documents.tell(at, seat, { startMs: 5, text: "and" });
    documents.tell(at, seat, { startMs: 5, text: "and now" });
    documents.tell(at, "another", { startMs: 6, text: "yes" });
    await until(() => early.now.size === 2);
    const late = observe(url);
    await until(() => late.now.size === 2);
    expect([early.now.get(seat), late.now.get(seat)]).toEqual(Array(2).fill({ startMs: 5, text: "and now" }));
    documents.tell(at, seat, null);
    await until(() => early.now.size + late.now.size === 2);
    expect(updates.updates).toEqual([]);
  });

  it("takes unfinished words back when they are written, but not those that began behind them", async () => {
    const { url, documents } = await serve(arrayLog());
    const { now, provider } = observe(url);
    await until(() => provider.synced);
    documents.tell(at, seat, { startMs: 1_000, text: "hello" });
    documents.tell(at, "another", { startMs: 2_500, text: "and then" });
    await until(() => now.size === 2);
    documents.finished(at, "another" as never, 2_400);
    documents.finished(at, seat as never, 1_900);
    await until(() => now.size === 1);
    expect([...now.keys()]).toEqual(["another"]);
  });

  it("goes on telling what is said now while the database is away", async () => {
    const updates = arrayLog();
    const { url, documents } = await serve(updates);
    const { doc, now, provider } = observe(url);
    await until(() => provider.synced);
    const gate = Promise.withResolvers<void>();
    updates.gate = gate.promise;
    const written = documents.write(at, (live) => live.appendSegment("a", seat as never, "hello", words));
    documents.tell(at, seat, { startMs: 2_000, text: "go on" });
    await until(() => now.has(seat));
    expect(doc.getArray("transcript").length).toBe(0);
    gate.resolve();
    await written;
    await until(() => doc.getArray("transcript").length === 1);
  });

  it("who comes again after a restart holds nothing that was only said before it", async () => {
    const updates = arrayLog();
    const first = await serve(updates);
    first.documents.tell(at, seat, { startMs: 5, text: "half a sent" });
    const { now, provider } = observe(first.url);
    await until(() => now.has(seat));
    provider.disconnect();
    const second = await serve(updates);
    Object.assign(provider, { serverUrl: second.url });
    provider.connect();
    await until(() => provider.synced && now.size === 0);
  });

  it("writes the recording's view when something else than its figures changes", async () => {
    const updates = arrayLog();
    const { documents } = await serve(updates);
    for (const onServerMs of [1_000, 2_000, 3_000]) {
      const view = { ...recordingOff, onServerMs, inStoreMs: onServerMs, measuredAtMs: onServerMs };
      await documents.write(at, (live) => live.setRecording(view));
    }
    expect(updates.updates).toHaveLength(1);
    await documents.write(at, (live) => live.setRecording({ ...recordingOff, lamp: "safe" }));
    expect(updates.updates).toHaveLength(2);
  });

  it("never shows a reader what is not stored", async () => {
    const updates = arrayLog();
    const { url, documents } = await serve(updates);
    const { doc, provider } = observe(url);
    await until(() => provider.synced);
    const gate = Promise.withResolvers<void>();
    updates.gate = gate.promise;
    const written = documents.write(at, (live) => live.appendSegment("a", seat as never, "hello", words));
    const late = observe(url);
    await until(() => late.provider.wsconnected);
    expect(doc.getArray("transcript").length + late.doc.getArray("transcript").length).toBe(0);
    gate.resolve();
    await written;
    await until(() => doc.getArray("transcript").length === 1 && late.doc.getArray("transcript").length === 1);
  });

  it("goes on in the same copy after a restart, and a repeated segment is a no-op", async () => {
    const updates = arrayLog();
    const first = await serve(updates);
    await first.documents.write(at, (live) => live.appendSegment("a", seat as never, "one", words));
    const held = new Y.Doc();
    Y.applyUpdate(held, Y.mergeUpdates(updates.updates));
    const second = await serve(updates);
    await second.documents.write(at, (live) => {
      live.appendSegment("a", seat as never, "one", words);
      live.appendSegment("b", seat as never, "two", words);
    });
    for (const update of updates.updates) Y.applyUpdate(held, update);
    expect(
      held
        .getArray("transcript")
        .toArray()
        .map((each) => (each as string[])[0]),
    ).toEqual(["a", "b"]);
  });

  it("stores a write that is made the moment another is done", async () => {
    const updates = arrayLog();
    const { documents } = await serve(updates);
    for (let n = 0; n < 20; n++) {
      await documents.write(at, (live) => live.appendSegment(String(n), seat as never, "x", words));
    }
    const doc = new Y.Doc();
    for (const update of updates.updates) Y.applyUpdate(doc, update);
    expect(doc.getArray("transcript").length).toBe(20);
  });

  it("closes a socket that writes, whatever the encoding, and applies nothing", async () => {
    const updates = arrayLog();
    const { url, documents } = await serve(updates);
    await documents.write(at, (live) => live.appendSegment("a", seat as never, "one", words));
    const before = updates.updates.length;
    const hostile = new Y.Doc();
    hostile.getArray("transcript").push(["forged"]);
    const update = Y.encodeStateAsUpdate(hostile);
    const frames = [
      [0, 2, update.length, ...update],
      [0, 1, update.length, ...update],
      [0x80, 0, 0x82, 0, update.length, ...update],
    ];
    for (const frame of frames) {
      const socket = new WebSocket(url);
      await once(socket, "open");
      socket.send(Uint8Array.from(frame));
      const [code] = (await once(socket, "close")) as [number];
      expect(code).toBe(4403);
    }
    expect(updates.updates.length).toBe(before);
  });

  it("closes a socket that floods, and others go on", async () => {
    const { url, documents } = await serve(arrayLog());
    const { doc, provider } = observe(url);
    await until(() => provider.synced);
    const socket = new WebSocket(url);
    await once(socket, "open");
    for (let n = 0; n < 200; n++) socket.send(Uint8Array.of(1, 0));
    const [code] = (await once(socket, "close")) as [number];
    expect(code).toBe(4429);
    await documents.write(at, (live) => live.appendSegment("a", seat as never, "one", words));
    await until(() => doc.getArray("transcript").length === 1);
  });
});

describe("a client's frame", () => {
  it("invariant: no bytes make the reader throw, and only a whole step 1 is answered", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const frame = readClientFrame(bytes);
        expect(["step1", "write", "ignore", "bad"]).toContain(frame.type);
      }),
      { numRuns: 5_000 },
    );
  });

  it("the keep-alive is an update that holds nothing", () => {
    const doc = new Y.Doc();
    expect(keepAliveFrame).toEqual(Uint8Array.of(0, 2, 2, 0, 0));
    Y.applyUpdate(doc, keepAliveFrame.subarray(3));
    expect(Y.encodeStateAsUpdate(doc)).toEqual(Uint8Array.of(0, 0));
  });
});
