/**
 * What one observer at 8 kbit/s costs the others: update to observer without and with them, in turn and in one server,
 * while twenty interviews with five observers each are written to. The slow one's interview is written to thirty times a
 * second with as much as an update may hold, so that what they cannot take goes beyond what the kernel keeps for them; a
 * turn with them ends when the server lets them go. What waited for them in the server is looked at every 5 ms.
 * Last numbers, two shared cores under a load of 4 to 7: p99 21.7 ms beside 23.1 in the same interview, 22.7 beside 22.6 in
 * the others (medians of 5, ratios 0.93 and 0.95: no difference); 1,048,893 bytes at most, 317 over the limit; let go after
 * 30 to 32 s each time.
 * `node api/bench/slow-reader.bench.ts`; BENCH_SECONDS of a turn without them and BENCH_ROUNDS, 30 and 5 when not set.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { createLog } from "@verbatim/hands/log";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { migrate } from "../src/database/migrate.ts";
import { readerLimits } from "../src/documents/live-reader.ts";
import { slowRelay } from "../test/slow-relay.ts";
import { type Deliveries, observe } from "./fan-out/deliveries.ts";
import { LOADS, type Load, marked, type Room } from "./fan-out/load.ts";
import { type LetGo, SLOW, startOurs } from "./fan-out/sides.ts";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 30);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const WARM_UP_SECONDS = 8;
/** What a second of 8 kbit/s holds. */
const SLOW_BYTES = 1_000;
const LONG_PER_SECOND = 30;
/** Nearly the longest text of an event, of letters of three bytes; its number stands behind it. */
const LONG = "話".repeat(1_980);

await using postgres = await startTestPostgres();
await migrate({ url: postgres.url, log: createLog("bench", "error") });
const load = LOADS[0] as Load;
const [room, ...others] = load.rooms as [Room, ...Room[]];
await using side = await startOurs(postgres.url, load);
const beside = await observe(side, { ...load, rooms: [room] });
const elsewhere = await observe(side, { ...load, rooms: others });

let n = 0;
const long = setInterval(() => {
  beside.sent(n);
  side.write(room, n, marked(LONG, n));
  n++;
}, 1000 / LONG_PER_SECOND);
const usual = setInterval(
  () => {
    elsewhere.sent(n);
    side.write(others[n % others.length] as Room, n++);
  },
  1000 / (load.updatesPerSecond * others.length),
);

type Turn = { readonly beside: number; readonly elsewhere: number };
const without: Turn[] = [];
const withSlow: (Turn & LetGo & { readonly seconds: number })[] = [];
await delay(WARM_UP_SECONDS * 1000);
for (let round = 0; round < ROUNDS; round++) {
  const quiet = async (): Promise<void> => void without.push((await measured(() => delay(SECONDS * 1000)))[0]);
  // Neighbours in time share the machine's mood; which of them is first changes.
  if (round % 2 === 0) await quiet();
  const began = performance.now();
  const [turn, letGo] = await measured(readSlowly);
  if (letGo.most < readerLimits.bufferedBytes) throw new Error(`closed with ${letGo.most} bytes waiting`);
  withSlow.push({ ...turn, ...letGo, seconds: (performance.now() - began) / 1000 });
  if (round % 2 === 1) await quiet();
}
clearInterval(long);
clearInterval(usual);
beside.close();
elsewhere.close();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
console.log(`let go after ${withSlow.map(({ seconds }) => seconds.toFixed(1)).join(", ")} s`);
console.log(`server's memory then ${withSlow.map(({ rss }) => Math.round(rss / 2 ** 20)).join(", ")} MiB`);
for (const [where, of] of [
  ["same interview", "beside"],
  ["other interviews", "elsewhere"],
] as const) {
  const name = `update to observer p99 beside a reader at 8 kbit/s, ${where}`;
  const [ours, peer] = [withSlow, without].map((turns) => median(turns.map((turn) => turn[of])));
  const ratio = median(withSlow.map((turn, index) => turn[of] / (without[index]?.[of] ?? Number.NaN)));
  console.log(JSON.stringify({ name, ours, peer, peerName: "without", unit: "ms", ratio, n: ROUNDS }));
}
const ours = Math.max(...withSlow.map(({ most }) => most));
const peer = readerLimits.bufferedBytes;
const name = "most that waited in the server for a reader at 8 kbit/s";
console.log(JSON.stringify({ name, ours, peer, peerName: "limit", unit: "bytes", ratio: ours / peer, n: ROUNDS }));

async function measured<Answer>(turn: () => Promise<Answer>): Promise<[Turn, Answer]> {
  for (const { latenciesMs } of [beside, elsewhere]) latenciesMs.splice(0);
  const answer = await turn();
  const p99 = ({ latenciesMs }: Deliveries): number =>
    latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? Number.NaN;
  return [{ beside: p99(beside), elsewhere: p99(elsewhere) }, answer];
}

/** Reads at 8 kbit/s until the server lets go. */
async function readSlowly(): Promise<LetGo> {
  const address = new URL(side.url(room, SLOW));
  await using relay = await slowRelay(Number(address.port), SLOW_BYTES);
  address.port = String(relay.port);
  const socket = new WebSocket(address, { origin: "http://localhost", perMessageDeflate: false });
  await once(socket, "open");
  const letGo = side.letGo();
  for (const frame of side.hello(room)) socket.send(frame);
  const told = await letGo;
  socket.on("error", () => undefined); // Its line is cut in the middle of a frame.
  socket.terminate();
  return told;
}
