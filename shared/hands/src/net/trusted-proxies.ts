import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { z } from "zod";

/** The proxies in front of us: what they say of a browser is believed, what anybody else says is not. */
export type TrustedProxies = {
  /** Whether there are any: browsers reach us under the proxy's one origin then. */
  readonly any: boolean;
  /** Where a request comes from: the address that our proxy wrote last, or else the socket's own. */
  addressOf(request: IncomingMessage): string;
  /** Takes forwarding headers away that none of our proxies wrote. */
  clean(request: IncomingMessage): void;
};

const FORWARDING = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"] as const;

/** Reads TRUSTED_PROXY: addresses and ranges of proxies, separated by commas. */
export const TrustedProxy = z
  .string()
  .default("")
  .transform((list, context): TrustedProxies => {
    const ranges = list.split(",").flatMap((each) => each.trim() || []);
    const known = new BlockList();
    for (const range of ranges) {
      if (!add(known, range)) {
        context.addIssue({
          code: "custom",
          message: `${range} is no address or range such as 127.0.0.1 or 10.0.0.0/8`,
        });
        return z.NEVER;
      }
    }
    const trusts = (address: string): boolean => known.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
    const addressOf = (request: IncomingMessage): string => {
      const own = plain(request.socket.remoteAddress ?? "");
      if (isIP(own) === 0 || !trusts(own)) return own;
      // The last one is what our proxy saw; those before it are anybody's claim.
      const said =
        String(request.headers["x-forwarded-for"] ?? "")
          .split(",")
          .at(-1)
          ?.trim() ?? "";
      return isIP(said) === 0 ? own : plain(said);
    };
    return {
      any: ranges.length > 0,
      addressOf,
      clean(request) {
        const own = plain(request.socket.remoteAddress ?? "");
        if (isIP(own) !== 0 && trusts(own)) return;
        for (const name of FORWARDING) delete request.headers[name];
      },
    };
  });

function add(known: BlockList, range: string): boolean {
  const [address = "", bits, more] = range.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const length = Number(bits ?? (family === "ipv6" ? 128 : 32));
  if (isIP(address) === 0 || more !== undefined || !Number.isInteger(length) || length < 0) return false;
  if (length > (family === "ipv6" ? 128 : 32) || bits === "") return false;
  known.addSubnet(address, length, family);
  return true;
}

/** A socket on both families spells IPv4 as ::ffff:192.0.2.1. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
