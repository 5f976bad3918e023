import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { type Harness, setUp, startHarness } from "../../test/harness.ts";
import { gather, paramsOf, scene } from "../../test/scene.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ env: { TRUSTED_PROXY: "127.0.0.1", PUBLIC_URL: "https://talk.example.com" } });
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const HARDEST = 60;
const path = "/live/00000000-0000-4000-8000-000000000000?ticket=none";

/** What an upgrade is answered: 101, or the status that refused it. The socket stays open: nobody answers its closing. */
async function upgrade(address: string): Promise<{ status: number; socket: Duplex }> {
  const asked = request(harness.base + path, {
    headers: {
      connection: "upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
      origin: "https://talk.example.com",
      "x-forwarded-for": `198.51.100.1, ${address}`,
    },
  });
  asked.end();
  const [response, socket] = (await Promise.race([once(asked, "upgrade"), once(asked, "response")])) as [
    IncomingMessage,
    Duplex | undefined,
  ];
  return { status: response.statusCode ?? 0, socket: socket ?? response.socket };
}

describe("behind a proxy of ours", () => {
  it("each browser has the limits of its own address, not all of them the proxy's", async () => {
    const opened = await Promise.all(Array.from({ length: HARDEST }, () => upgrade("203.0.113.5")));
    expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([101]));
    const [same, other] = [await upgrade("203.0.113.5"), await upgrade("203.0.113.6")];
    expect([same.status, other.status]).toEqual([429, 101]);
    for (const { socket } of [...opened, same, other]) socket.destroy();
  });

  it("sockets are at the one origin that browsers know", async () => {
    const { browser } = await setUp(harness);
    const { host } = await scene(harness, browser);
    await gather(harness, [host]);
    const take = (what: "call" | "document") => host.browser.call(call.takeTicket, paramsOf(host), { for: what });
    const { host: reached } = new URL(harness.base);
    expect((await take("call")).url).toBe(`wss://${reached}/signal`);
    expect(new URL((await take("document")).url).host).toBe(reached);
    const page = await fetch(`${harness.base}/v1/setup`, { headers: { "x-forwarded-host": "talk.example.com" } });
    expect(page.headers.get("content-security-policy")).toContain("connect-src 'self' wss://talk.example.com ");
  });
});
