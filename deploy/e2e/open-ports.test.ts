import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApt } from "../local/apt.ts";
import { listenersOf, withDescendants } from "../local/listeners.ts";
import { freePortSet, type Ports } from "../local/ports.ts";
import { prepare } from "../local/prepare.ts";
import { createProgress } from "../local/progress.ts";
import { type Stack, startStack } from "../local/stack.ts";

let data: string;
let ports: Ports;
let stack: Stack;

beforeAll(async () => {
  const env = { ...process.env, SFU_WORKERS: "2" };
  const progress = createProgress(Date.now(), () => undefined);
  const { signal } = new AbortController();
  data = await mkdtemp(path.join(tmpdir(), "verbatim-ports-"));
  ports = await freePortSet(2);
  const ready = await prepare({ env, progress, apt: createApt(progress, signal), signal });
  stack = await startStack({ env, dataDir: data, ports, ...ready });
});
afterAll(async () => {
  await stack?.stop();
  await rm(data, { recursive: true, force: true });
});

it("only the api's port, the signalling port and one media port per worker listen beyond loopback", async () => {
  const pids = await withDescendants([...stack.pids().values()]);
  const open = (await listenersOf(pids)).filter((one) => !one.loopback);
  const seen = [...new Set(open.map((one) => `${one.protocol.slice(0, 3)} ${one.port}`))].toSorted();
  expect(seen).toEqual(
    [
      `tcp ${ports.api}`,
      `tcp ${ports.sfu}`,
      `tcp ${ports.media}`,
      `tcp ${ports.media + 1}`,
      `udp ${ports.media}`,
      `udp ${ports.media + 1}`,
    ].toSorted(),
  );
});

it("the database listens on loopback only", async () => {
  const client = await listenersOf(await withDescendants([process.pid]));
  const database = client.filter((one) => one.port === ports.postgres);
  expect(database.map((one) => one.loopback)).toEqual([true]);
});
