import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { findBinaries } from "./binaries.ts";

it("copies the programs so that any user can run them, also under a careful umask", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-binaries-"));
  const before = process.umask(0o077);
  try {
    const { postgres } = await findBinaries(path.join(folder, "cache"));
    expect((await stat(postgres)).mode & 0o005).toBe(0o005);
    const closed: string[] = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const place = path.join(entry.parentPath, entry.name);
      const wanted = entry.isDirectory() ? 0o001 : 0o004;
      if (((await stat(place)).mode & wanted) !== wanted) closed.push(place);
    }
    expect(closed).toEqual([]);
  } finally {
    process.umask(before);
    await rm(folder, { recursive: true, force: true });
  }
});

it("finds a whole copy again and does not make a second one", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-binaries-"));
  const both = await Promise.all([findBinaries(folder), findBinaries(folder)]);
  expect(both[0]).toEqual(both[1]);
  expect((await readdir(folder)).length).toBe(1);
  await rm(folder, { recursive: true, force: true });
});
