import { measureCapture } from "./capture-load.ts";
import { voices } from "./packets.ts";

/** CPU of capture alone. `node recorder/bench/capture.bench.ts [seconds]`. */
const seconds = Number(process.argv[2] ?? 20);
const speech = voices(20);
for (const interviews of [1, 8, 20]) {
  const load = await measureCapture({ interviews, seconds, voices: speech });
  const lost = load.sent - load.written;
  console.log(
    `${interviews} interviews: ${load.cpuMsPerInterviewSecond.toFixed(2)} ms CPU per interview-second, ${lost} of ${load.sent} packets missing`,
  );
}
