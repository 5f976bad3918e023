import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { signal } from "@verbatim/hands/process/alive";

const run = promisify(execFile);

/**
 * Cuts everything that one user's processes send or receive, TCP and UDP, on every interface, and silently: a drop at
 * the sender would be seen by it as an error (EPERM), which no real network says. Connections are marked as the user's
 * packets leave. While cut, what leaves this machine is led to loopback instead, and what arrives by a marked
 * connection, from loopback or from outside, is dropped.
 */
export type NetworkCut = AsyncDisposable & {
  cut(uid: number): Promise<void>;
  mend(uid: number): Promise<void>;
};

const TABLE = "verbatim_rehearse_";

export async function createNetworkCut(uids: readonly number[]): Promise<NetworkCut> {
  const table = `${TABLE}${process.pid}`;
  const marks = uids.map((uid) => `meta skuid ${uid} ct mark set ${uid}`).join("\n    ");
  await nft(`table inet ${table} {
  set away { type mark; }
  chain out { type route hook output priority 0;
    ${marks}
    ct mark @away oifname != "lo" ip daddr set 127.0.0.1
    ct mark @away oifname != "lo" ip6 daddr set ::1
  }
  chain in { type filter hook input priority 0;
    ct mark @away drop
  }
}`);
  return {
    cut: (uid) => nft(`add element inet ${table} away { ${uid} }`),
    mend: (uid) => nft(`delete element inet ${table} away { ${uid} }`),
    async [Symbol.asyncDispose]() {
      await nft(`delete table inet ${table}`);
    },
  };
}

/** Mends what a killed rehearsal left cut: later people of the same user id would be cut off, too. */
export async function removeLeftCuts(): Promise<void> {
  const { stdout } = await run("nft", ["list", "tables"]).catch(() => ({ stdout: "" })); // Not root, or without nft: there was none.
  for (const [table, pid] of stdout.matchAll(new RegExp(`${TABLE}(\\d+)`, "g"))) {
    if (!signal(Number(pid), 0)) await nft(`delete table inet ${table}`);
  }
}

async function nft(rules: string): Promise<void> {
  const child = run("nft", ["-f", "-"]);
  child.child.stdin?.end(rules);
  try {
    await child;
  } catch (cause) {
    throw new Error("The network of one person cannot be cut here: nft needs root and the package nftables.", {
      cause,
    });
  }
}
