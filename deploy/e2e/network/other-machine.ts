import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A second machine on a cable to this one: a network namespace, with a packet filter between the two. */
export type OtherMachine = AsyncDisposable & {
  readonly namespace: string;
  /** This machine's address on the cable. */
  readonly address: string;
  /** From now on only this is dropped of what the other machine sends. */
  block(rules: readonly string[]): Promise<void>;
};

/** Needs root. `number` keeps two of one run apart, 0 to 255. */
export async function otherMachine(number: number): Promise<OtherMachine> {
  await using opening = new AsyncDisposableStack();
  const namespace = `verbatim-${process.pid}-${number}`;
  const [here, there] = [`vb${process.pid % 100_000}a${number}`, `vb${process.pid % 100_000}b${number}`];
  const [address, other] = [`10.213.${number}.1`, `10.213.${number}.2`];
  const ip = (line: string) => run("ip", line.split(" "));
  await ip(`netns add ${namespace}`);
  opening.defer(async () => void (await ip(`netns delete ${namespace}`)));
  await ip(`link add ${here} type veth peer name ${there} netns ${namespace}`);
  await ip(`address add ${address}/24 dev ${here}`);
  await ip(`link set ${here} up`);
  for (const line of [
    `address add ${other}/24 dev ${there}`,
    `link set ${there} up`,
    "link set lo up",
    `route add default via ${address}`,
  ]) {
    await ip(`-n ${namespace} ${line}`);
  }
  const table = `verbatim_cable_${process.pid}_${number}`;
  const filter = async (rules: readonly string[]): Promise<void> => {
    const child = run("nft", ["-f", "-"]);
    const lines = rules.map((rule) => `iifname ${here} ${rule} drop`).join("\n");
    child.child.stdin?.end(
      `table inet ${table}\ndelete table inet ${table}\ntable inet ${table} { chain in { type filter hook input priority 0;\n${lines}\n}\n}\n`,
    );
    await child;
  };
  opening.defer(async () => void (await run("nft", ["delete", "table", "inet", table])));
  await filter([]);
  const open = opening.move();
  return { namespace, address, block: filter, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
