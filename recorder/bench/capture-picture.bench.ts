import { measureCapture } from "./capture-load.ts";
import { cameraPackets, voices } from "./packets.ts";

/** CPU of capture for sound and two cameras. `node recorder/bench/capture-picture.bench.ts [seconds [interviews …]]`. */
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
