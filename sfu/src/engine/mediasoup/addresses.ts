import { isIPv6 } from "node:net";
import type { TransportParameters } from "@verbatim/shared/signal/media";

type IceCandidates = TransportParameters["iceCandidates"];

/**
 * The same listening ports under every announced address: those that listen on IPv6 for its addresses, the others for
 * IPv4 and names. One socket on 0.0.0.0, or on ::, answers for all of its family, also for addresses that come up
 * later, where one socket per address would have to know them at start and could not bind those of a NAT.
 */
export function announce(candidates: IceCandidates, addresses: readonly string[]): IceCandidates {
  return addresses.flatMap((address, rank) =>
    candidates
      .filter((candidate) => isIPv6(candidate.address) === isIPv6(address))
      .map((candidate) => ({
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
