/**
 * What the live documents of 500 interviews, an hour of talk in each, cost in memory while they are open, and what is left
 * a minute after the last who read or wrote them. Heap and buffers of this process after a collection, without sockets.
 * Last numbers: 0.49 MB open, 0.001 MB left (n = 3).
 * `node api/bench/open-documents.bench.ts [interviews]`, 500 when not said.
 */
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as Y from "yjs";
import { LIVE_KEEPALIVE_MS } from "@verbatim/shared/document/live";
import type { InterviewId, SeatId, TenantId } from "@verbatim/shared/ids";
import { createLog } from "@verbatim/hands/log";
import { createLiveDocuments } from "../src/documents/live-documents.ts";
import { createLiveWriter } from "../src/documents/live-writer.ts";
import { uuid } from "./uuid.ts";

const [interviews = 500] = process.argv.slice(2).map(Number);
const SEGMENTS = 700;
const TEXT = "so we ran both systems side by side for three weeks";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const usedBytes = async (): Promise<number> => {
  // Buffers are freed behind the collection that found them unused.
  for (let n = 0; n < 3; n++) {
    collect();
    await delay(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const hour = hourOfTalk();
let skippedMs = 0;
const documents = createLiveDocuments({
  // Everybody's talk is the same; nothing of it is shared between documents.
  updates: { load: async () => [hour.slice()], append: async () => undefined, compact: async () => undefined },
  log: createLog("bench", "error"),
  nowMs: () => Date.now() + skippedMs,
});
const before = await usedBytes();
for (let n = 0; n < interviews; n++) {
  const at = { tenantId: uuid(1, n) as TenantId, interviewId: uuid(2, n) as InterviewId };
  await documents.write(at, (live) => live.setMarks(1));
}
const open = ((await usedBytes()) - before) / interviews;
skippedMs = 61_000;
// They are looked through a little more often than readers are told that we are here.
await delay(LIVE_KEEPALIVE_MS);
const left = ((await usedBytes()) - before) / interviews;
await documents[Symbol.asyncDispose]();

console.log(`${hour.length} bytes are stored of each`);
for (const [name, bytes] of [
  [`memory of an open live document, an hour of talk, ${interviews} open`, open],
  ["memory of the same a minute after everybody left", left],
] as const) {
  console.log(JSON.stringify({ name, ours: bytes / 1e6, peer: null, peerName: null, unit: "MB", ratio: null, n: 1 }));
}

function hourOfTalk(): Uint8Array {
  const doc = new Y.Doc();
  const writer = createLiveWriter(doc, new Set());
  for (let n = 0; n < SEGMENTS; n++) {
    const words = TEXT.split(" ").map((_, word) => ({
      startMs: n * 5_000 + word * 300,
      endMs: n * 5_000 + word * 300 + 250,
    }));
    writer.appendSegment(`${uuid(3, n % 2)}:${n * 5_000}`, uuid(3, n % 2) as SeatId, TEXT, words);
  }
  return Y.encodeStateAsUpdate(doc);
}
