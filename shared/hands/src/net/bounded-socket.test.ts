import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { boundedSockets, dialBounded } from "./bounded-socket.ts";

const FRAME_BYTES = 1_000;
const server = createServer();
const sockets = boundedSockets({ frameBytes: FRAME_BYTES });
server.on("upgrade", (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened)),
);
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  sockets.close();
  server.close();
});

async function pair(): Promise<{ near: WebSocket; far: WebSocket }> {
  const arrived = once(sockets, "connection") as Promise<[WebSocket]>;
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const near = dialBounded(url, { frameBytes: FRAME_BYTES, token: "x", handshakeTimeout: 5_000 });
  await once(near, "open");
  const [far] = await arrived;
  near.on("error", () => undefined); // Both sides are told why by an error, and then by the close.
  far.on("error", () => undefined);
  return { near, far };
}

describe("a bounded socket", () => {
  it.each([
    ["who dialled", "near", "far"],
    ["who was dialled", "far", "near"],
  ] as const)(
    "takes the largest frame, and closes one byte more or megabytes more with 4413, from %s",
    async (_, from, to) => {
      for (const bytes of [FRAME_BYTES + 1, 4_000_000]) {
        const peers = await pair();
        const heard = once(peers[to], "message");
        peers[from].send(Buffer.alloc(FRAME_BYTES));
        expect((await heard)[0]).toHaveLength(FRAME_BYTES);
        const closed = once(peers[from], "close");
        peers[from].send(Buffer.alloc(bytes));
        const [code, reason] = (await closed) as [number, Buffer];
        expect({ code, reason: reason.toString() }).toEqual({ code: 4413, reason: "input.too_large" });
      }
    },
  );

  it("closes with any other code as it is told", async () => {
    const { near, far } = await pair();
    far.close(4503, "server.draining");
    expect(((await once(near, "close")) as [number])[0]).toBe(4503);
  });
});
