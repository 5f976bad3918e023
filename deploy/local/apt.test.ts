import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApt } from "./apt.ts";
import { createProgress } from "./progress.ts";

/** A machine whose packages are the lines of a file; its dpkg-query and apt-get read and write that file. */
let folder: string;
let installed: string;
let env: NodeJS.ProcessEnv;
let told: string[];
const { signal } = new AbortController();
const progress = createProgress(Date.now(), (line) => told.push(line));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-apt-"));
  installed = path.join(folder, "installed");
  told = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void told.push(line.trim()));
  await mkdir(path.join(folder, "bin"));
  const program = (name: string, body: string) =>
    writeFile(path.join(folder, "bin", name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  await writeFile(installed, "gcc\n");
  // Shifted away are options: what is left are names.
  await program(
    "dpkg-query",
    `echo >> ${folder}/queries; shift 3; for n; do grep -qx "$n" ${installed} && echo "$n installed"; done; exit 1`,
  );
  await program(
    "apt-get",
    `echo "$*" >> ${folder}/asked; shift 3; [ $1 = install ] || exit 0; shift 3; for n; do echo $n >> ${installed}; done`,
  );
  env = { PATH: `${path.join(folder, "bin")}:/usr/bin:/bin` };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const queries = async (): Promise<number> => (await readFile(path.join(folder, "queries"), "utf8")).length;
const lines = () => told.filter((line) => line.startsWith("sudo"));

it("as somebody who may not install it prints one line with all that is missing, and goes on when it was typed", async () => {
  const apt = createApt(progress, signal, { env, isRoot: false });
  const done = apt.ensure(["meson", "g++", "gcc"], "Building the worker", ["gcc", "libpocketsphinx3"]);
  await expect.poll(lines).toEqual(["sudo apt-get install -y meson g++ libpocketsphinx3"]);
  await writeFile(installed, "gcc\nmeson\n");
  const before = await queries();
  await expect.poll(queries).toBeGreaterThan(before + 1); // It looked at least once in between.
  expect(told.at(-1)).toContain("sudo");
  await writeFile(installed, "gcc\nmeson\ng++\n");
  await done;
  expect(told.at(-1)).toContain("The packages are there.");
  expect(lines().length).toBe(1);
});

it("asks nothing where everything is there, also when something else is missing that is not needed for it", async () => {
  await createApt(progress, signal, { env, isRoot: false }).ensure(["gcc"], "Building", ["libpocketsphinx3"]);
  expect(told).toEqual([]);
});

it("stops waiting when the start is ended", async () => {
  const stop = new AbortController();
  const done = createApt(progress, stop.signal, { env, isRoot: false }).ensure(["meson"], "Building");
  await expect.poll(lines).toEqual(["sudo apt-get install -y meson"]);
  stop.abort();
  await expect(done).rejects.toThrow("aborted");
});

it("as root it installs what is missing and nothing else, and updates the lists once", async () => {
  const apt = createApt(progress, signal, { env, isRoot: true });
  await Promise.all([apt.ensure(["meson", "gcc"], "Building", ["libpocketsphinx3"]), apt.ensure(["flite"], "testing")]);
  const asked = (await readFile(path.join(folder, "asked"), "utf8")).trim().split("\n");
  expect(asked.map((line) => line.replace(/^-o \S+ -q /, ""))).toEqual([
    "update",
    "install -y --no-install-recommends meson",
    "install -y --no-install-recommends flite",
  ]);
  expect(lines()).toEqual([]);
});
