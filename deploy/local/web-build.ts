import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./places.ts";
import type { Progress } from "./progress.ts";
import { runProgram } from "./run-program.ts";

const SOURCES = ["web", "shared/src", "pnpm-lock.yaml", "tsconfig.base.json"];

/** Builds the browser app into `web/dist`, unless what stands there was built from the same sources. */
export async function buildWeb(progress: Progress, signal?: AbortSignal): Promise<void> {
  const stamp = path.join(root, "web", "dist", ".sources");
  const now = await hashSources();
  if ((await readFile(stamp, "utf8").catch(() => "")) === now) return; // No stamp: never built, or half.
  await progress.step("Building the web app", () =>
    runProgram({
      command: process.execPath,
      args: [path.join(root, "web", "node_modules", "vite", "bin", "vite.js"), "build", "--logLevel", "warn"],
      cwd: path.join(root, "web"),
      env: { ...process.env, NODE_ENV: "production" },
      failure: "The web app could not be built. If you changed nothing in web/, remove node_modules and start again.",
      signal,
    }),
  );
  await writeFile(stamp, now);
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of await filesBelow(path.join(root, source))) {
      hash.update(`${path.relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

async function filesBelow(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => undefined); // A file: it stands for itself.
  if (!entries) return [place];
  const wanted = entries.filter(
    (entry) => !["node_modules", "dist"].includes(entry.name) && !/\.test\.tsx?$/.test(entry.name),
  );
  const below = await Promise.all(
    wanted.map((entry) => {
      const child = path.join(place, entry.name);
      return entry.isDirectory() ? filesBelow(child) : Promise.resolve([child]);
    }),
  );
  return below.flat().toSorted();
}
