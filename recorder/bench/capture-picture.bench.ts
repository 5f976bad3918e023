import { measureCapture } from "./capture-load.ts";
import { cameraPackets, voices } from "./packets.ts";

/**
 * CPU of capture for sound and two cameras. `node recorder/bench/capture-picture.bench.ts [seconds [interviews …]]`.
 *
 * Measured on a busy machine of 2 cores: 5.7 and 6.1 ms per 100 packets, where a process that only receives them takes 1.8
 * and 1.9 (2 runs). What else the machine does moves both, from 2.3 beside 0.8 to 7.4 beside 2.5. Captures that left a part
 * out, beside a whole one (2 runs each): receiving is 36 to 40 % of all, opening 26 to 29 %, what follows (queue, records,
 * writes, syncs) 31 to 38 %. No hashing at all would spare 14 %, draining every 200 ms 9 % at most; sleeping 5 ms after each
 * look, so that packets gather, 3 to 6 % (4 runs; 17 % in a fifth), which is not worth the delay.
 */
const [seconds = 10, ...counts] = process.argv.slice(2).map(Number);
const speech = voices(20);
const camera = cameraPackets();
for (const interviews of counts.length > 0 ? counts : [5]) {
  const load = await measureCapture({ interviews, seconds, voices: speech, camera });
  const missing = load.sent - load.written;
  if (missing > 0) throw new Error(`${missing} of ${load.sent} packets are not in the spool.`);
  const figure = {
    name: `capture with pictures, CPU per 100 packets, ${interviews} interviews at once`,
    ours: load.cpuMsPer100Packets,
    peer: load.bareMsPer100Packets,
    peerName: "a process that only receives the packets",
    unit: "ms",
    ratio: load.cpuMsPer100Packets / load.bareMsPer100Packets,
    n: load.sent,
  };
  console.log(JSON.stringify(figure));
}
