import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { listenersOf } from "./listeners.ts";

it("tells what others can reach from what only this machine can", async () => {
  const servers = ["0.0.0.0", "127.0.0.1", "::", "::1"].map((host) => createServer().listen(0, host));
  const sockets = ["0.0.0.0", "127.0.0.1"].map((host) => createSocket("udp4").bind(0, host));
  await Promise.all([...servers, ...sockets].map((one) => once(one, "listening")));
  const ports = [...servers, ...sockets].map((one) => (one.address() as { port: number }).port);

  const found = await listenersOf([process.pid]);
  expect(ports.map((port) => found.find((one) => one.port === port)?.loopback)).toEqual([
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
  for (const one of [...servers, ...sockets]) one.close();
});
