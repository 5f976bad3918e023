import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Cuts everything that one user's processes send or receive, TCP and UDP, on every interface.
 * Connections are marked when the user's packets leave and dropped by that mark where packets arrive,
 * both ways: dropping at the sender would be seen by it as an error (EPERM), which no real network says.
 */
export type NetworkCut = AsyncDisposable & {
  cut(uid: number): Promise<void>;
  mend(uid: number): Promise<void>;
};

export async function createNetworkCut(uids: readonly number[]): Promise<NetworkCut> {
  const table = `verbatim_rehearse_${process.pid}`;
  const marks = uids.map((uid) => `meta skuid ${uid} ct mark set ${uid}`).join("\n    ");
  await nft(`table inet ${table} {
  set away { type mark; }
  chain out { type filter hook output priority 0;
    ${marks}
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
