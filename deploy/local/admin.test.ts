import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-admin-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One of the starter's commands, with DATA_DIR and what else an operator sets. */
const command = (script: string, args: readonly string[], env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [path.join(import.meta.dirname, script), ...args], {
    env: { PATH: process.env["PATH"], ...env },
  });

it.each([
  ["admin.ts", "link", "anna@example.com"],
  ["backup.ts", "copy"],
])("%s makes nothing in a DATA_DIR without an installation, and says so", async (script, ...args) => {
  const dataDir = path.join(folder, "typed-wrong");
  await expect(command(script, args, { DATA_DIR: dataDir })).rejects.toMatchObject({
    code: 1,
    stderr: `\nThere is no installation in ${dataDir}: set DATA_DIR to the folder that it was started with.\n`,
  });
  expect(await readdir(folder)).toEqual([]);
});

it("a database elsewhere is not enough: links are signed with a secret of the installation", async () => {
  const env = { DATA_DIR: folder, DATABASE_URL: "postgres://owner@127.0.0.1:9/verbatim" };
  await expect(command("admin.ts", ["link", "anna@example.com"], env)).rejects.toMatchObject({
    stderr: expect.stringContaining(`There is no installation in ${folder}`),
  });
  expect(await readdir(folder)).toEqual([]);
});
