import { measureCapture } from "./capture-load.ts";
import { voices } from "./packets.ts";

/** CPU of capture alone, and that it lost nothing. `node recorder/bench/capture.bench.ts [seconds [interviews …]]`. */
const [seconds = 10, ...counts] = process.argv.slice(2).map(Number);
const speech = voices(20);
for (const interviews of counts.length > 0 ? counts : [20]) {
  const load = await measureCapture({ interviews, seconds, voices: speech });
  const missing = load.sent - load.written;
  if (missing > 0) throw new Error(`${missing} of ${load.sent} packets are not in the spool.`);
  const figure = {
    name: `capture alone, CPU per interview-second, ${interviews} at once`,
    ours: load.cpuMsPerInterviewSecond,
    peer: load.bareMsPerInterviewSecond,
    peerName: "a process that only receives the packets",
    unit: "ms",
    ratio: load.cpuMsPerInterviewSecond / load.bareMsPerInterviewSecond,
    n: interviews * seconds,
  };
  console.log(JSON.stringify(figure));
}
