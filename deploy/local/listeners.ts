import { readdir, readFile, readlink } from "node:fs/promises";

/** Somebody who accepts packets or connections. `address` is hexadecimal as in /proc/net, `port` a number. */
export type Listener = {
  readonly pid: number;
  readonly protocol: "tcp" | "tcp6" | "udp" | "udp6";
  readonly address: string;
  readonly port: number;
  readonly loopback: boolean;
};

const TCP_LISTEN = "0A";
/** 127.0.0.0/8 as /proc writes it, its bytes reversed; ::1; and 127.0.0.0/8 inside IPv6. */
const LOOPBACK = [/^[0-9A-F]{6}7F$/, /^0{24}01000000$/, /^0{16}FFFF0000[0-9A-F]{6}7F$/];

/** Every open TCP listener and unconnected UDP socket of these processes. Linux only. */
export async function listenersOf(pids: readonly number[]): Promise<Listener[]> {
  const owners = new Map<string, number>();
  await Promise.all(
    pids.map(async (pid) => {
      for (const descriptor of await readdir(`/proc/${pid}/fd`)) {
        const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => ""); // Closed meanwhile.
        const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
        if (inode) owners.set(inode, pid);
      }
    }),
  );
  const all = await Promise.all((["tcp", "tcp6", "udp", "udp6"] as const).map((protocol) => table(protocol, owners)));
  return all.flat();
}

/** A process and everything below it. */
export async function withDescendants(pids: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const pid of pids) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => ""); // It has ended.
    found.push(pid, ...(await withDescendants(children.split(" ").filter(Boolean).map(Number))));
  }
  return found;
}

async function table(protocol: Listener["protocol"], owners: ReadonlyMap<string, number>): Promise<Listener[]> {
  const lines = (await readFile(`/proc/net/${protocol}`, "utf8").catch(() => "")).split("\n").slice(1); // IPv6 may be off.
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local = "", remote = "", state] = fields;
    const pid = owners.get(fields[9] ?? "");
    const [address = "", port = ""] = local.split(":");
    const open = protocol.startsWith("tcp") ? state === TCP_LISTEN : /^0+:0+$/.test(remote);
    if (pid === undefined || !open) return [];
    return [
      {
        pid,
        protocol,
        address,
        port: Number.parseInt(port, 16),
        loopback: LOOPBACK.some((form) => form.test(address)),
      },
    ];
  });
}
