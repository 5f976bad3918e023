import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SignJWT } from "jose";
import { WebSocket } from "ws";
import * as call from "@verbatim/shared/api/call";
import type { Ticket } from "@verbatim/shared/ticket";
import { readerLimits } from "../documents/live-reader.ts";
import { type Harness, setUp, startHarness } from "../../test/harness.ts";
import { gather, paramsOf, type Person, scene } from "../../test/scene.ts";

let harness: Harness;
let made: Awaited<ReturnType<typeof scene>>;
let other: Awaited<ReturnType<typeof scene>>;
beforeAll(async () => {
  harness = await startHarness();
  const { browser } = await setUp(harness);
  made = await scene(harness, browser, { observers: 1 });
  other = await scene(harness, browser);
  await gather(harness, [made.host, ...made.observers]);
  await gather(harness, [other.host]);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const take = (person: Person) => person.browser.call(call.takeTicket, paramsOf(person), { for: "document" });
const open = (url: string, ticket: string, origin: string | undefined = "http://localhost:3000") =>
  new WebSocket(`${url}?ticket=${ticket}`, origin === undefined ? {} : { origin });
/** Asks for the document, as sync step 1 with an empty state vector does; only who is served is answered. */
const served = async (socket: WebSocket): Promise<"served"> => {
  if (socket.readyState === WebSocket.CONNECTING) await once(socket, "open");
  socket.send(Buffer.from([0, 0, 1, 0]));
  await once(socket, "message");
  return "served";
};
const closed = async (socket: WebSocket): Promise<number> => ((await once(socket, "close")) as [number])[0];
const forged = async (change: Partial<Ticket>, secret = harness.config.secrets.ticket): Promise<string> => {
  const { at, host } = made;
  const claims = {
    aud: "document",
    jti: crypto.randomUUID(),
    ...at,
    seatId: host.seatId,
    deviceId: crypto.randomUUID(),
    role: "observer",
    name: "x",
    consented: true,
    admitted: true,
  };
  return new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("30s")
    .sign(new TextEncoder().encode(secret));
};

describe("the live document's socket", () => {
  it("opens with a ticket, once", async () => {
    const { ticket, url } = await take(made.observers[0]!);
    const first = open(url, ticket);
    await served(first);
    const second = open(url, ticket);
    expect(await closed(second)).toBe(4401);
    expect(first.readyState).toBe(WebSocket.OPEN);
    first.close();
  });

  it("opens exactly one of twenty sockets that come with the same ticket at once", async () => {
    const { ticket, url } = await take(made.observers[0]!);
    const sockets = Array.from({ length: 20 }, () => open(url, ticket));
    const codes = await Promise.all(sockets.map((socket) => Promise.race([closed(socket), served(socket)])));
    expect(codes.filter((code) => code === "served")).toHaveLength(1);
    expect(codes.filter((code) => code === 4401)).toHaveLength(19);
    for (const socket of sockets) socket.close();
  });

  it("is for this interview, these roles, and tickets of ours alone", async () => {
    const { url } = await take(made.host);
    const elsewhere = (await take(other.host)).ticket;
    expect(await closed(open(url, elsewhere))).toBe(4403);
    expect(await closed(open(url, await forged({ role: "candidate" })))).toBe(4403);
    expect(await closed(open(url, await forged({ aud: "call" })))).toBe(4401);
    expect(await closed(open(url, await forged({}, "f".repeat(40))))).toBe(4401);
    expect(await closed(open(url, await forged({ seatId: crypto.randomUUID() as never })))).toBe(4401);
    expect(await closed(open(url, "nonsense"))).toBe(4401);
    expect(await closed(open(url, ""))).toBe(4401);
  });

  it.each([1, 100])("closes a frame over its limit, by a byte or by far (%d)", async (times) => {
    const { url, ticket } = await take(made.host);
    const socket = open(url, ticket);
    await served(socket);
    socket.send(Buffer.alloc(readerLimits.frameBytes * times + 1));
    expect(await closed(socket)).toBe(4413);
  });

  it("does not open for a foreign page, or for none", async () => {
    const { url, ticket } = await take(made.host);
    for (const origin of ["http://evil.example", "null", "http://localhost:3000.evil.example"]) {
      const [error] = (await once(open(url, ticket, origin), "error")) as [Error];
      expect(error.message).toContain("403");
    }
    const [error] = (await once(new WebSocket(`${url}?ticket=${ticket}`), "error")) as [Error];
    expect(error.message).toContain("403");
  });

  it.each([
    "/",
    "/live",
    "/live/x",
    "/notes",
    "/notes/x",
    "/notes/11111111-1111-4111-8111-111111111111/seat:x",
    "/live/11111111-1111-4111-8111-111111111111/more",
    "/events",
    "/v1/setup",
    "//",
  ])("is nowhere else: %s", async (address) => {
    const socket = new WebSocket(`ws://127.0.0.1:${harness.api.port}${address}`, { origin: "http://localhost:3000" });
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toContain("404");
  });
});
