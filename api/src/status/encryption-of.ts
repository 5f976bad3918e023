import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Encryption } from "@verbatim/shared/api/status";

/**
 * Whether the disk below a folder is encrypted by this machine (dm-crypt, directly or below LVM). File systems without a
 * disk of their own (ZFS, network, a container's overlay) and whatever cannot be read are `unknown`.
 */
export async function encryptionOf(folder: string | undefined, sys = "/sys", proc = "/proc"): Promise<Encryption> {
  if (folder === undefined) return "unknown";
  try {
    const device = await deviceOf(await realpath(folder), proc);
    return device === undefined ? "unknown" : await encryptedBelow(path.join(sys, "dev", "block", device));
  } catch {
    return "unknown"; // No such folder yet, no /sys here, or no right to look.
  }
}

/** `major:minor` of the block device that holds a folder. */
async function deviceOf(folder: string, proc: string): Promise<string | undefined> {
  const mount = mountOf(await readFile(path.join(proc, "self", "mountinfo"), "utf8"), folder);
  if (!mount) return undefined;
  if (!mount.device.startsWith("0:")) return mount.device;
  // btrfs has a number of its own; its disk stands as a name.
  if (!mount.source.startsWith("/dev/")) return undefined;
  const { rdev } = await stat(mount.source);
  return `${(rdev >> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >> 12) & 0xfff00)}`;
}

/** The mount that a folder lies in: the longest that it begins with, and of those on one point the last. */
export function mountOf(
  mountinfo: string,
  folder: string,
): { readonly device: string; readonly source: string } | undefined {
  let best: { readonly point: string; readonly device: string; readonly source: string } | undefined;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , device, , escaped] = before.split(" ");
    const source = after.split(" ")[1];
    if (device === undefined || escaped === undefined || source === undefined) continue;
    const point = escaped.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const inside = folder === point || folder.startsWith(point.endsWith("/") ? point : `${point}/`);
    if (inside && (best === undefined || point.length >= best.point.length)) best = { point, device, source };
  }
  return best;
}

async function encryptedBelow(device: string): Promise<Encryption> {
  const uuid = await readFile(path.join(device, "dm", "uuid"), "utf8").catch(() => ""); // No mapped device.
  if (uuid.startsWith("CRYPT-")) return "yes";
  const below = await readdir(path.join(device, "slaves"));
  const all = await Promise.all(below.map((name) => encryptedBelow(path.join(device, "slaves", name))));
  if (all.length > 0 && all.every((each) => each === "yes")) return "yes";
  return "not-by-this-machine";
}
