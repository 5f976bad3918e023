import { once } from "node:events";
import { WebSocket } from "ws";
import { type Load, OBSERVERS } from "./load.ts";
import type { Side } from "./sides.ts";

const [MARK, END] = Buffer.from("#;");

/** What arrived at the observers: every update carries its number, whatever the protocol around it. */
export type Deliveries = {
  /** From now on, updates of this number are counted, from this time on. */
  sent(n: number): void;
  readonly latenciesMs: number[];
  close(): void;
};

/** Opens five observers in every room; plain sockets, so that the machine is left to the servers. */
export async function observe(side: Side, load: Load): Promise<Deliveries> {
  const sentMs = new Map<number, number>();
  const latenciesMs: number[] = [];
  const sockets: WebSocket[] = [];
  for (const room of load.rooms) {
    for (let observer = 0; observer < OBSERVERS; observer++) {
      const socket = new WebSocket(side.url(room, observer), { origin: "http://localhost", perMessageDeflate: false });
      socket.on("message", (data) => {
        for (const n of numbersIn(data as Buffer)) {
          const from = sentMs.get(n);
          if (from !== undefined) latenciesMs.push(performance.now() - from);
        }
      });
      await once(socket, "open");
      for (const frame of side.hello(room)) socket.send(frame);
      sockets.push(socket);
    }
  }
  return {
    sent: (n) => void sentMs.set(n, performance.now()),
    latenciesMs,
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function* numbersIn(frame: Buffer): Generator<number> {
  for (let at = frame.indexOf(MARK ?? 0); at !== -1; at = frame.indexOf(MARK ?? 0, at + 1)) {
    const end = frame.indexOf(END ?? 0, at);
    if (end !== -1) yield Number(frame.toString("latin1", at + 1, end));
  }
}
