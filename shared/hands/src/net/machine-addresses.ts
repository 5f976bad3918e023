import type { NetworkInterfaceInfo } from "node:os";

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

const LOOPBACK = "127.0.0.1";

/**
 * Every IPv4 address of the machine, loopback last: it serves browsers on the machine itself when there is no other,
 * and everybody else's checks should not begin with it.
 */
export const machineAddresses = (interfaces: Interfaces): string[] => [...outward(interfaces, "IPv4"), LOOPBACK];

/** Where media can reach the machine: IPv6 after IPv4, which more networks let through, and loopback last. */
export const mediaAddresses = (interfaces: Interfaces): string[] => [
  ...outward(interfaces, "IPv4"),
  ...outward(interfaces, "IPv6"),
  LOOPBACK,
];

function outward(interfaces: Interfaces, family: "IPv4" | "IPv6"): string[] {
  const found = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter((info) => info.family === family && !info.internal)
    .map((info) => info.address)
    // A link's own address means nothing without the name of the interface, which is another on every machine.
    .filter((address) => !/^fe[89ab]/i.test(address));
  return [...new Set(found)];
}
