import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createLog } from "@verbatim/hands/log";
import { createDiskStore } from "@verbatim/hands/store/disk";
import type { Store } from "@verbatim/hands/store/store";
import { eventually } from "../../test/eventually.ts";
import { temporary } from "../../test/temporary.ts";
import { type StoreWatch, watchStore } from "./watch-store.ts";

let owned: AsyncDisposableStack;
let root: string;
let nowMs: number;
let counters: { stored: number; failed: number };
let watch: StoreWatch;
/** What the watch asked a real store for. */
let asked: { proofs: number; reads: number };

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  root = join(owned.use(temporary()).path, "store");
  nowMs = 0;
  counters = { stored: 0, failed: 0 };
  asked = { proofs: 0, reads: 0 };
  const disk = await createDiskStore({ root });
  const store: Store = {
    ...disk,
    probe: () => disk.probe().finally(() => void (asked.proofs += 1)),
    head: (key) => disk.head(key).finally(() => void (asked.reads += 1)),
  };
  const stop = new AbortController();
  owned.defer(() => watch[Symbol.asyncDispose]());
  owned.defer(() => stop.abort());
  const log = createLog("test", "silent");
  watch = watchStore({ store, counters, log, signal: stop.signal, nowMs: () => nowMs, everyMs: 5 });
  await eventually("usable", () => watch.usable);
});
afterEach(() => owned.disposeAsync());

const looks = (count: number) => eventually(`${count} looks`, () => asked.reads >= count);

it("proves the store once, and then only reads", async () => {
  await looks(10);
  expect(asked.proofs).toBe(1);
});

it("proves it again four times a day", async () => {
  await looks(3);
  nowMs += 6 * 3_600_000;
  await eventually("proven again", () => asked.proofs === 2);
  await looks(asked.reads + 3);
  expect(asked.proofs).toBe(2);
});

it("asks for nothing while chunks are stored", async () => {
  const storing = { stored: 0, failed: 0 };
  // Each look finds one more.
  Object.defineProperty(counters, "stored", { get: () => storing.stored++ });
  await eventually("looked", () => storing.stored > 1);
  const { reads } = asked;
  await eventually("looked ten times", () => storing.stored > 12);
  expect(asked).toEqual({ proofs: 1, reads });
});

it("tries everything again when a chunk could not be stored, until it works", async () => {
  await rename(root, `${root}.away`);
  counters.failed = 1;
  await eventually("not usable", () => !watch.usable);
  const { proofs } = asked;
  await eventually("tried on", () => asked.proofs > proofs + 2);
  await rename(`${root}.away`, root);
  await eventually("usable again", () => watch.usable);
});
