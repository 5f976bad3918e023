/**
 * A million mutated frames on the live documents while twenty interviews with five observers each are read, eight hostile
 * sockets at a time, each with a good ticket and as many frames as it lasts for. Update to observer before and meanwhile,
 * and afterwards: nothing is stored that the server did not write.
 * Last numbers, two cores: update to observer p99 21 ms, 18 before (n = 124,180), while 1,000,000 frames came on 658,257 sockets,
 * 3,243 a second; every socket but five was closed for a frame.
 * `node api/bench/hostile.bench.ts [frames]`, 1,000,000 when not said. The frames of a run are always the same.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { createLog } from "@verbatim/hands/log";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { migrate } from "../src/database/migrate.ts";
import { readClientFrame } from "../src/documents/live-frames.ts";
import { mutated, seeded } from "../test/hostile-frames.ts";
import { observe } from "./fan-out/deliveries.ts";
import { LOADS, type Load, type Room } from "./fan-out/load.ts";
import { startOurs } from "./fan-out/sides.ts";

const [frames = 1_000_000] = process.argv.slice(2).map(Number);
const HOSTILE_AT_ONCE = 8;
const QUIET_SECONDS = 10;

await using postgres = await startTestPostgres();
await migrate({ url: postgres.url, log: createLog("bench", "error") });
const load = LOADS[0] as Load;
await using side = await startOurs(postgres.url, load);
const deliveries = await observe(side, load);

let n = 0;
const timer = setInterval(
  () => {
    deliveries.sent(n);
    side.write(load.rooms[n % load.rooms.length] as Room, n++);
  },
  1000 / (load.updatesPerSecond * load.rooms.length),
);
await delay(QUIET_SECONDS * 1000);
const before = deliveries.latenciesMs.splice(0);
const began = performance.now();
const random = seeded(1);
let sent = 0;
let sockets = 0;
let closed = 0;
await Promise.all(Array.from({ length: HOSTILE_AT_ONCE }, attack));
const seconds = (performance.now() - began) / 1000;
const meanwhile = deliveries.latenciesMs.splice(0);
clearInterval(timer);
deliveries.close();
await nothingForeignIsStored();

const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN;
const name = `update to observer p99 while ${sent} mutated frames come on ${sockets} sockets`;
const [ours, peer] = [p99(meanwhile), p99(before)];
console.log(`${closed} of ${sockets} sockets were closed for a frame; ${Math.round(sent / seconds)} frames a second`);
console.log(
  JSON.stringify({ name, ours, peer, peerName: "before", unit: "ms", ratio: ours / peer, n: meanwhile.length }),
);

/** Frames that the server drops unread, up to the one that it closes for, or to what its rate lets pass. */
async function attack(): Promise<void> {
  for (let turn = 0; sent < frames; turn++) {
    const room = load.rooms[turn % load.rooms.length] as Room;
    const socket = new WebSocket(side.url(room, 100 + sockets++), { perMessageDeflate: false });
    socket.on("error", () => undefined); // Closed while it was being written to.
    await once(socket, "open");
    const end = once(socket, "close");
    let open = true;
    for (let frame = 0; open && frame < 50 && sent < frames; frame++, sent++) {
      const bytes = mutated(random);
      socket.send(bytes);
      const { type } = readClientFrame(bytes);
      open = type === "ignore" || type === "step1";
    }
    if (open) socket.close();
    else closed++;
    await end;
  }
}

/** Every update that is stored, one after another: all of the server's own client, and no root but the one it wrote. */
async function nothingForeignIsStored(): Promise<void> {
  const pool = new pg.Pool({ connectionString: postgres.url });
  for (const { interviewId } of load.rooms) {
    const doc = new Y.Doc();
    const { rows } = await pool.query("select update from verbatim.document_update where document = $1 order by seq", [
      `live/${interviewId}`,
    ]);
    for (const { update } of rows as { update: Buffer }[]) Y.applyUpdate(doc, update);
    const roots = [...doc.share.keys()].join();
    if (doc.store.clients.size !== 1 || doc.store.pendingStructs !== null || roots !== "transcript") {
      throw new Error(`live/${interviewId}: ${doc.store.clients.size} clients wrote ${roots}`);
    }
  }
  await pool.end();
}
