import type { NetworkInterfaceInfo } from "node:os";

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * Every IPv4 address of the machine, loopback last: it serves browsers on the machine itself when there is no other,
 * and everybody else's checks should not begin with it.
 */
export function machineAddresses(interfaces: Interfaces): string[] {
  const found = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter((info) => info.family === "IPv4" && !info.internal)
    .map((info) => info.address);
  return [...new Set(found), "127.0.0.1"];
}
