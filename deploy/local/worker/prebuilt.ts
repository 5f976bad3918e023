import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { release } from "node:os";
import path from "node:path";
import { runProgram } from "../run-program.ts";

/** Time for the server to answer at all; a machine without a way to it should not wait long. */
const ANSWER_MS = 5_000;
const DOWNLOAD_MS = 120_000;

/** Where mediasoup's own install script would look for a worker for this machine. */
export function prebuiltUrl(
  version: string,
  base = "https://github.com/versatica/mediasoup/releases/download",
): string {
  const kernel = process.platform === "linux" ? `-kernel${release().split(".")[0]}` : "";
  return `${base}/${version}/mediasoup-worker-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
}

/** Fetches it into `file`. False when it cannot be had, for whatever reason: then it is built. */
export async function downloadPrebuilt(url: string, file: string, signal: AbortSignal): Promise<boolean> {
  const folder = await mkdtemp(`${file}.`);
  const answered = new AbortController();
  const timer = setTimeout(() => answered.abort(), ANSWER_MS);
  try {
    const stop = AbortSignal.any([signal, answered.signal, AbortSignal.timeout(DOWNLOAD_MS)]);
    const response = await fetch(url, { signal: stop });
    clearTimeout(timer);
    if (!response.ok) return false;
    const archive = path.join(folder, "worker.tgz");
    await writeFile(archive, Buffer.from(await response.arrayBuffer()));
    await runProgram({
      command: "tar",
      args: ["-xzf", archive, "-C", folder],
      failure: "The download is not an archive.",
    });
    await chmod(path.join(folder, "mediasoup-worker"), 0o755);
    await rename(path.join(folder, "mediasoup-worker"), file);
    return true;
  } catch {
    signal.throwIfAborted();
    return false; // No network, no such host, no archive: all mean that it has to be built.
  } finally {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  }
}
