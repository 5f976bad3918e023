import type { NetworkInterfaceInfo } from "node:os";
import type { TransportParameters } from "@verbatim/shared/signal/media";

type IceCandidates = TransportParameters["iceCandidates"];
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

/**
 * The same listening ports under every announced address. One socket on 0.0.0.0 answers for all of them, also for
 * addresses that come up later, where one socket per address would have to know them at start and could not bind
 * those of a NAT.
 */
export function announce(candidates: IceCandidates, addresses: readonly string[]): IceCandidates {
  return addresses.flatMap((address, rank) =>
    candidates.map((candidate) => ({
      ...candidate,
      // Equal foundations would let the browser freeze a pair until another one of the group has failed.
      foundation: `${candidate.foundation}${rank}`,
      // The local preference: earlier addresses first, below every difference between UDP and TCP.
      priority: candidate.priority - (rank << 8),
      ip: address,
      address,
    })),
  );
}
