import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildRecogniser, missingForSpeech } from "./build-recogniser.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-build-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("on a machine with nothing, the sentence names all that is missing and the line to type", async () => {
  const bare = { modelDir: path.join(folder, "model"), libraries: path.join(folder, "lib"), programs: folder };
  const sentence = await missingForSpeech(bare);
  expect(sentence).toMatch(/English model.*libpocketsphinx\.so\.3.*C compiler/);
  expect(sentence).toContain("apt-get install");
  await expect(buildRecogniser(folder, bare)).rejects.toThrow(sentence);
});

test("on this machine nothing is missing", async () => {
  expect(await missingForSpeech()).toBeUndefined();
});

test("a program of this version is built once, also by two starts at the same moment", async () => {
  const [one, two] = await Promise.all([buildRecogniser(folder), buildRecogniser(folder)]);
  expect(one).toBe(two);
  const { mtimeMs } = await stat(one);
  expect(await buildRecogniser(folder)).toBe(one);
  expect((await stat(one)).mtimeMs).toBe(mtimeMs);
  expect(await readdir(folder)).toEqual([path.basename(one)]);
});

test("a compiler that fails leaves nothing behind and says why", async () => {
  const programs = path.join(folder, "bin");
  await mkdir(programs);
  await writeFile(path.join(programs, "cc"), "#!/bin/sh\necho no header >&2\nexit 1\n", { mode: 0o755 });
  const broken = { modelDir: "/usr/share/pocketsphinx/model/en-us", libraries: "/usr/lib", programs };
  await expect(buildRecogniser(folder, broken)).rejects.toThrow("could not be compiled");
  expect(await readdir(folder)).toEqual(["bin"]);
});
