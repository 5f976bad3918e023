import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setInterval as every } from "node:timers/promises";

/**
 * A line between a client and a server on this machine: everything goes up as it comes, and down at so many bytes a second.
 * What the line has not taken stays with the server.
 */
export async function slowRelay(
  toPort: number,
  bytesPerSecond: number,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const stop = new AbortController();
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(toPort, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on("error", () => undefined); // The other end is told by the close.
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    trickle(far, near, bytesPerSecond, stop.signal).catch(() => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      stop.abort();
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

const STEP_MS = 50;

async function trickle(from: Socket, to: Socket, bytesPerSecond: number, signal: AbortSignal): Promise<void> {
  let left = 0;
  from.pause();
  for await (const _ of every(STEP_MS, undefined, { signal })) {
    left = Math.min(left + (bytesPerSecond * STEP_MS) / 1000, bytesPerSecond);
    const some = from.read(Math.min(Math.floor(left), from.readableLength)) as Buffer | null;
    if (some === null) continue;
    left -= some.length;
    to.write(some);
  }
}
