import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApt } from "../apt.ts";
import { createProgress } from "../progress.ts";
import { buildPackages } from "./build-packages.ts";
import { downloadPrebuilt, prebuiltUrl } from "./prebuilt.ts";
import { mediasoupWorker } from "./worker.ts";

let folder: string;
const { signal } = new AbortController();
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-worker-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A server with one release, or one that only has other ones. */
async function releases(body: Buffer | undefined) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(body ? 200 : 404).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { base, asked, [Symbol.dispose]: () => server.close() };
}

async function archive(): Promise<Buffer> {
  await writeFile(path.join(folder, "mediasoup-worker"), "#!/bin/sh\nexit 41\n");
  execFileSync("tar", ["-czf", "worker.tgz", "mediasoup-worker"], { cwd: folder });
  return readFile(path.join(folder, "worker.tgz"));
}

it("downloads the worker for this machine under the name that mediasoup publishes it by", async () => {
  using server = await releases(await archive());
  const file = path.join(folder, "downloaded");
  expect(await downloadPrebuilt(prebuiltUrl("3.27.1", server.base), file, signal)).toBe(true);
  expect(server.asked).toEqual([
    expect.stringMatching(/^\/3\.27\.1\/mediasoup-worker-3\.27\.1-\w+-\w+(-kernel\d+)?\.tgz$/),
  ]);
  expect(await readFile(file, "utf8")).toContain("exit 41");
});

it("is told quickly that there is none, that there is no server, and that what came is no archive", async () => {
  using none = await releases(undefined);
  using wrong = await releases(Buffer.from("<html>sign in to the network</html>"));
  for (const base of [none.base, "http://127.0.0.1:9", wrong.base]) {
    expect(await downloadPrebuilt(prebuiltUrl("3.27.1", base), path.join(folder, "downloaded"), signal)).toBe(false);
  }
});

it("asks for the packages to build it where it cannot be downloaded, with those for speech in the same line", async () => {
  const stop = new AbortController();
  const progress = createProgress(Date.now(), () => undefined);
  const asked = vi.fn(() => Promise.reject(new Error("nobody types")));
  const apt = { ...createApt(progress, stop.signal), ensure: asked };
  const env = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: "http://127.0.0.1:9" };
  const found = mediasoupWorker({ env, progress, apt, also: ["gcc"], cache: folder, signal: stop.signal });
  await expect(found).rejects.toThrow("nobody types");
  expect(asked.mock.calls).toEqual([[buildPackages, "Building the mediasoup worker", ["gcc"]]]);
});

it("uses the worker that the environment names, and refuses one that does not start", async () => {
  const file = path.join(folder, "chosen");
  const progress = createProgress(Date.now(), () => undefined);
  const find = () =>
    mediasoupWorker({ env: { MEDIASOUP_WORKER_BIN: file }, progress, apt: createApt(progress, signal), signal });
  await writeFile(file, "#!/bin/sh\nexit 127\n");
  await chmod(file, 0o755);
  await expect(find()).rejects.toThrow(/does not start as a mediasoup worker/);
  await writeFile(file, "#!/bin/sh\nexit 41\n");
  expect(await find()).toBe(file);
});
