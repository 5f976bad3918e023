import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { freePorts } from "@verbatim/hands/net/free-port";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { createLog } from "@verbatim/hands/log";
import { migrate } from "../src/database/migrate.ts";
import { OBSERVERS, type Room, ROOMS, text, UPDATES_PER_SECOND } from "./fan-out-load.ts";
import { uuid } from "./uuid.ts";

/**
 * CPU of the server per update delivered to an observer, against y-websocket 2.1.0's stock server without
 * persistence, authentication or read-only. Same rooms, observers, cadence and text; A B B A, medians.
 */
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
const ROUNDS = 3;

await using postgres = await startTestPostgres();
await migrate({ url: postgres.url, log: createLog("bench", "error") });

const ours: number[] = [];
const peer: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const side of round % 2 === 0 ? [measureOurs, measurePeer] : [measurePeer, measureOurs]) {
    (side === measureOurs ? ours : peer).push(await side());
  }
}
const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
console.log(
  JSON.stringify({
    name: "fan-out CPU per delivery (ours: read-only, persisted)",
    ours: median(ours),
    peer: median(peer),
    peerName: "y-websocket 2.1.0 server",
    unit: "µs",
    ratio: median(ours) / median(peer),
    n: ROUNDS,
  }),
);

async function measureOurs(): Promise<number> {
  const child = fork(new URL("fan-out-server.ts", import.meta.url), {
    env: { ...process.env, DATABASE_URL: postgres.url },
  });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const ticket = (room: Room, observer: number): string =>
    JSON.stringify({
      ...room,
      aud: "document",
      jti: uuid(4, observer),
      exp: 0,
      seatId: uuid(5, observer),
      deviceId: uuid(6, observer),
      role: "observer",
      name: "Observer",
      consented: false,
      admitted: true,
    });
  const watch = await observeAll((room, observer) => [
    `ws://127.0.0.1:${port}`,
    room.interviewId,
    { ticket: ticket(room, observer) },
  ]);
  const micros = await cpuPerDelivery(child, watch, () => child.send("write"));
  child.send("stop");
  await end(child, watch);
  return micros;
}

async function measurePeer(): Promise<number> {
  const [port = 0] = await freePorts(1);
  // Its server is a program, not an export: found beside what the package does export.
  const script = join(dirname(createRequire(import.meta.url).resolve("y-websocket-2/package.json")), "bin/server.cjs");
  const child = fork(script, { env: { ...process.env, HOST: "127.0.0.1", PORT: String(port) }, silent: true });
  await once(child.stdout ?? child, "data");
  const url = `ws://127.0.0.1:${port}`;
  const watch = await observeAll((room) => [url, room.interviewId, {}]);
  const writers = await Promise.all(ROOMS.map((room) => open(url, room.interviewId, {})));
  let timer: NodeJS.Timeout | undefined;
  const micros = await cpuPerDelivery(child, watch, () => {
    let n = 0;
    timer = setInterval(
      () => {
        const room = ROOMS[n % ROOMS.length] as Room;
        writers[n++ % ROOMS.length]?.doc.getMap("interim").set(room.seatId, { startMs: n, text: text(n) });
      },
      1000 / (UPDATES_PER_SECOND * ROOMS.length),
    );
  });
  clearInterval(timer);
  for (const each of writers) each.provider.destroy();
  await end(child, watch);
  return micros;
}

type Open = { readonly doc: Y.Doc; readonly provider: WebsocketProvider };
type Watch = { readonly all: Open[]; delivered: number };

async function open(url: string, room: string, params: Record<string, string>): Promise<Open> {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, room, doc, {
    connect: false,
    disableBc: true,
    params,
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  provider.awareness.setLocalState(null);
  const synced = new Promise<void>((resolve) => provider.on("sync", (state: boolean) => state && resolve()));
  provider.connect();
  await synced;
  return { doc, provider };
}

async function observeAll(
  where: (room: Room, observer: number) => [string, string, Record<string, string>],
): Promise<Watch> {
  const watch: Watch = { all: [], delivered: 0 };
  for (const room of ROOMS) {
    for (let observer = 0; observer < OBSERVERS; observer++) {
      const each = await open(...where(room, observer));
      // Counted by what arrived in the document: keep-alives and awareness are no deliveries.
      each.doc.getMap("interim").observe(() => void watch.delivered++);
      watch.all.push(each);
    }
  }
  return watch;
}

async function cpuPerDelivery(child: ChildProcess, watch: Watch, begin: () => void): Promise<number> {
  begin();
  await delay(1_000); // Warm up: the first second pays for compilation on both sides.
  const cpu = cpuMicros(child.pid);
  const delivered = watch.delivered;
  await delay(SECONDS * 1_000);
  const got = watch.delivered - delivered;
  const expected = SECONDS * UPDATES_PER_SECOND * ROOMS.length * OBSERVERS;
  if (got < expected * 0.9) throw new Error(`only ${got} of ${expected} deliveries`);
  return (cpuMicros(child.pid) - cpu) / got;
}

/** User and system time of a process, µs; /proc counts in ticks of 10 ms. */
function cpuMicros(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function end(child: ChildProcess, watch: Watch): Promise<void> {
  for (const each of watch.all) each.provider.destroy();
  child.kill("SIGKILL");
  await once(child, "exit");
}
