import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encryptionOf, mountOf } from "./encryption-of.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "verbatim-sys-"));
  await mkdir(path.join(root, "proc/self"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A machine on which our folder lies on `device`; devices name what they lie on, and dm-crypt has an id. */
async function machine(
  device: string,
  devices: Record<string, { readonly uuid?: string; readonly on?: readonly string[] }>,
  source = "/dev/mapper/data",
): Promise<void> {
  const lines = [`20 1 8:1 / / rw - ext4 /dev/sda1 rw`, `30 20 ${device} / ${root} rw shared:1 - ext4 ${source} rw`];
  await writeFile(path.join(root, "proc/self/mountinfo"), `${lines.join("\n")}\n`);
  for (const [name, { uuid, on = [] }] of Object.entries(devices)) {
    const folder = path.join(root, "sys/dev/block", name);
    await mkdir(path.join(folder, "slaves"), { recursive: true });
    if (uuid !== undefined) {
      await mkdir(path.join(folder, "dm"));
      await writeFile(path.join(folder, "dm/uuid"), `${uuid}\n`);
    }
    for (const below of on) await symlink(path.join(root, "sys/dev/block", below), path.join(folder, "slaves", below));
  }
}
const found = (folder: string | undefined = root) =>
  encryptionOf(folder, path.join(root, "sys"), path.join(root, "proc"));

describe("a folder's disk is", () => {
  it("encrypted where dm-crypt holds it, directly or below LVM", async () => {
    await machine("253:0", { "253:0": { uuid: "CRYPT-LUKS2-0123-data", on: ["8:2"] }, "8:2": {} });
    expect(await found()).toBe("yes");
    await rm(path.join(root, "sys"), { recursive: true });
    await machine("253:1", {
      "253:1": { uuid: "LVM-abc", on: ["253:0"] },
      "253:0": { uuid: "CRYPT-LUKS2-0123-data", on: ["8:2"] },
      "8:2": {},
    });
    expect(await found()).toBe("yes");
  });

  it("not encrypted by this machine where it is a plain disk, or only half of it is", async () => {
    await machine("8:2", { "8:2": {} });
    expect(await found()).toBe("not-by-this-machine");
    await rm(path.join(root, "sys"), { recursive: true });
    await machine("253:1", {
      "253:1": { uuid: "LVM-abc", on: ["253:0", "8:3"] },
      "253:0": { uuid: "CRYPT-LUKS2-0123-data" },
      "8:3": {},
    });
    expect(await found()).toBe("not-by-this-machine");
  });

  it("unknown where it has no disk here, does not exist, or /sys does not know the disk", async () => {
    await machine("0:45", {}, "pool/data");
    expect(await found()).toBe("unknown");
    expect(await found(path.join(root, "nowhere"))).toBe("unknown");
    expect(await found(undefined)).toBe("unknown");
    await machine("8:9", {});
    expect(await found()).toBe("unknown");
  });

  it("looked up on this machine without a fault", async () => {
    expect(["yes", "not-by-this-machine", "unknown"]).toContain(await encryptionOf(tmpdir()));
    expect((await stat(tmpdir())).isDirectory()).toBe(true);
  });
});

it("the mount of a folder is the longest above it, the last on one point, and its name may hold blanks", () => {
  const mountinfo = [
    "20 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "21 20 8:2 / /var rw - ext4 /dev/sda2 rw",
    String.raw`22 20 8:3 / /var/my\040data rw - ext4 /dev/sda3 rw`,
    String.raw`23 22 8:4 / /var/my\040data rw,x shared:2 master:1 - xfs /dev/sda4 rw`,
  ].join("\n");
  expect(mountOf(mountinfo, "/var/my data/store")?.device).toBe("8:4");
  expect(mountOf(mountinfo, "/variable")?.device).toBe("8:1");
  expect(mountOf(mountinfo, "/var")?.device).toBe("8:2");
});
