import { createServer } from "node:http";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { getStatus } from "@verbatim/shared/api/status";
import type { Browser } from "../../test/browser.ts";
import { type Harness, setUp, startHarness } from "../../test/harness.ts";

let harness: Harness;
let staff: Browser;
const closing = new AsyncDisposableStack();

/** A process as it answers on its loopback port. */
async function process(ready: boolean, metrics: string): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === "/readyz") response.writeHead(ready ? 200 : 503).end();
    else response.end(metrics);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.defer(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

beforeAll(async () => {
  const capture = await process(true, "capture_spool_free_bytes 5000000000\nprocess_resident_memory_bytes 1000\n");
  const ship = await process(false, "ship_backlog_chunks 7\n");
  harness = await startHarness({
    env: { STATUS_PROCESSES: `capture=${capture},ship=${ship},scribe=http://127.0.0.1:1` },
  });
  staff = (await setUp(harness)).browser;
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await closing.disposeAsync();
});

it("an owner reads processes, database, store, disks and what is known of encryption", async () => {
  const status = await staff.call(getStatus);
  expect(status.processes.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "capture ready",
    "ship not-ready",
    "scribe silent",
  ]);
  expect(status.processes[0]?.memoryBytes).toBe(1000);
  expect(status.database.version).toMatch(/^\d+/);
  expect(status.database.bytes).toBeGreaterThan(1_000_000);
  expect(status.store).toMatchObject({ kind: "disk", waitingChunks: 7, answeredInMs: expect.any(Number) as number });
  expect(status.speech).toEqual({ engine: "none", waitingS: null });
  expect(status.disk.spool).toMatchObject({ freeBytes: 5_000_000_000 });
  expect(status.disk.spool?.soundHours).toBeGreaterThan(status.disk.spool?.pictureHours ?? Number.POSITIVE_INFINITY);
  expect(status.disk.store?.freeBytes).toBeGreaterThan(0);
  expect(status.encryption.map(({ place }) => place)).toEqual(["store", "spool", "database"]);
  expect(status.encryption.slice(1).map(({ state }) => state)).toEqual(["unknown", "unknown"]);
  expect(status.version.schema).toMatch(/^\d{4}_/);
});

it("nobody else does: not without an account, not as a member", async () => {
  expect((await harness.browser().try(getStatus, {}, undefined)).status).toBe(401);
  await harness.sql("update auth.member set role = 'member'");
  expect(await staff.try(getStatus, {}, undefined)).toMatchObject({ status: 403, body: { code: "auth.forbidden" } });
  await harness.sql("update auth.member set role = 'member,admin'");
  expect((await staff.try(getStatus, {}, undefined)).status).toBe(200);
});

it("a store that is away is told, and the rest still is", async () => {
  await rm(harness.config.store.kind === "disk" ? harness.config.store.root : "", { recursive: true });
  const status = await staff.call(getStatus);
  expect(status.disk.store).toBeNull();
  expect(status.database.answeredInMs).toBeGreaterThan(0);
});
