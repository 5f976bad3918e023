/**
 * What one update costs until an observer has it: CPU of the server process per delivery, and the time it takes, beside the
 * stock server of y-websocket 2.1.0 and Hocuspocus 4.7. People talk: words grow, and every sixteenth update finishes an
 * utterance. All three store in the same Postgres: ours what is finished, before anybody sees it (unfinished words are told
 * beside the document); y-websocket every update by its hook; Hocuspocus the document two seconds after a change, by its
 * usual one. Ours alone checks tickets, closes who writes, keeps limits, and answers the recorder when words are stored.
 * Same rooms, five observers each, cadence and updates; in turn, in changing order, medians of the rounds.
 * Last numbers, two cores of a shared machine, two runs of three rounds: CPU per delivery 0.64 and 0.71 times that of y-websocket
 * at 20 rooms and 4/s, 0.62 and 0.77 at 40 and 25/s; 0.64 and 0.77, 0.76 and 0.83 times that of Hocuspocus. Rounds differ by
 * half: two of ours and Hocuspocus alone, right after one another, gave 0.55 and 0.71, 0.54 and 0.39.
 * `node api/bench/fan-out.bench.ts`; BENCH_SECONDS and BENCH_ROUNDS, 10 and 5 when not set.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createLog } from "@verbatim/hands/log";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { migrate } from "../src/database/migrate.ts";
import { cpuMicros } from "./cpu.ts";
import { observe } from "./fan-out/deliveries.ts";
import { type Load, LOADS, OBSERVERS, type Room } from "./fan-out/load.ts";
import { type StartSide, startHocuspocus, startOurs, startYWebsocket } from "./fan-out/sides.ts";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const WARM_UP_SECONDS = 8;
const WARM_UP_PER_SECOND = 25;

await using postgres = await startTestPostgres();
await migrate({ url: postgres.url, log: createLog("bench", "error") });

type Measured = { readonly cpu: number; readonly p50: number; readonly p99: number };
const sides: readonly (readonly [string, StartSide])[] = [
  ["ours", startOurs],
  ["y-websocket 2.1.0 server", startYWebsocket],
  ["Hocuspocus 4.7", startHocuspocus],
];
for (const load of LOADS) {
  const taken = new Map<string, Measured[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length];
      if (!side) continue;
      const rounds = taken.get(side[0]) ?? [];
      rounds.push(await measure(side[1], load));
      taken.set(side[0], rounds);
    }
  }
  report(load, taken);
}

async function measure(startSide: StartSide, load: Load): Promise<Measured> {
  await using side = await startSide(postgres.url, load);
  const deliveries = await observe(side, load);
  let n = 0;
  let rate = WARM_UP_PER_SECOND * load.rooms.length;
  let due = 0;
  let last = performance.now();
  let counting = false;
  // Rooms write one after another, as talk does, not all at the same instant.
  const timer = setInterval(() => {
    const now = performance.now();
    for (due += ((now - last) * rate) / 1000, last = now; n < due; n++) {
      if (counting) deliveries.sent(n);
      side.write(load.rooms[n % load.rooms.length] as Room, n);
    }
  }, 2);
  try {
    // A server that has run for an hour has its code compiled: some thousand updates first, on all sides.
    await delay(WARM_UP_SECONDS * 1000);
    rate = load.updatesPerSecond * load.rooms.length;
    await delay(1000);
    const cpu = cpuMicros(side.pid);
    const first = n;
    counting = true;
    await delay(SECONDS * 1000);
    rate = 0;
    const expected = (n - first) * OBSERVERS;
    for (let waits = 0; deliveries.latenciesMs.length < expected && waits < 50; waits++) await delay(100);
    const used = cpuMicros(side.pid) - cpu;
    const got = deliveries.latenciesMs.length;
    if (got < expected * 0.99) throw new Error(`only ${got} of ${expected} deliveries`);
    const sorted = deliveries.latenciesMs.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return { cpu: used / got, p50: at(0.5), p99: at(0.99) };
  } finally {
    clearInterval(timer);
    deliveries.close();
  }
}

function report(load: Load, measured: ReadonlyMap<string, readonly Measured[]>): void {
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  const ours = measured.get("ours") ?? [];
  for (const [peerName, theirs] of measured) {
    if (theirs === ours) continue;
    for (const [what, key, unit] of [
      ["CPU per delivery", "cpu", "µs"],
      ["update to observer p50", "p50", "ms"],
      ["update to observer p99", "p99", "ms"],
    ] as const) {
      const [mine, peer] = [median(ours.map((each) => each[key])), median(theirs.map((each) => each[key]))];
      // Neighbours in time share the machine's mood: the median of the rounds' ratios, not the ratio of medians.
      const ratio = median(ours.map((each, round) => each[key] / (theirs[round]?.[key] ?? Number.NaN)));
      const name = `live document, ${load.rooms.length} × ${load.updatesPerSecond}/s: ${what}`;
      console.log(JSON.stringify({ name, ours: mine, peer, peerName, unit, ratio, n: ours.length }));
    }
  }
}
