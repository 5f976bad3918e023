import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { TrustedProxy } from "./trusted-proxies.ts";

const request = (remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;
const forwarded = { "x-forwarded-for": "198.51.100.9, 203.0.113.7", "x-forwarded-host": "talk.example.com" };

it.each([
  ["127.0.0.1", "127.0.0.1", "203.0.113.7"],
  ["127.0.0.1", "::ffff:127.0.0.1", "203.0.113.7"],
  ["10.0.0.0/8, ::1", "10.2.3.4", "203.0.113.7"],
  ["10.0.0.0/8, ::1", "::1", "203.0.113.7"],
  ["10.0.0.0/8, ::1", "192.0.2.1", "192.0.2.1"],
  ["", "127.0.0.1", "127.0.0.1"],
])("with TRUSTED_PROXY=%s a request from %s comes from %s", (list, from, address) => {
  expect(TrustedProxy.parse(list).addressOf(request(from, { ...forwarded }))).toBe(address);
});

it("what a trusted proxy says is no address is not taken for one", () => {
  const proxies = TrustedProxy.parse("127.0.0.1");
  expect(proxies.addressOf(request("127.0.0.1", { "x-forwarded-for": "unknown" }))).toBe("127.0.0.1");
  expect(proxies.addressOf(request("127.0.0.1"))).toBe("127.0.0.1");
});

it("forwarding headers of anybody else are taken away", () => {
  const proxies = TrustedProxy.parse("127.0.0.1");
  const stranger = request("192.0.2.1", { ...forwarded, accept: "*/*" });
  proxies.clean(stranger);
  expect(stranger.headers).toEqual({ accept: "*/*" });
  const own = request("127.0.0.1", { ...forwarded });
  proxies.clean(own);
  expect(own.headers).toEqual(forwarded);
});

it.each(["true", "proxy.example.com", "10.0.0.0/33", "10.0.0.0/", "::1/129", "1.2.3.4/8/8"])("refuses %s", (list) => {
  expect(TrustedProxy.safeParse(list).success).toBe(false);
});
