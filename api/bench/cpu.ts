import { readdirSync, readFileSync } from "node:fs";

/** CPU time of a process, user and system, all its threads, µs (Linux; exact, where /proc/pid/stat counts in ticks of 10 ms). */
export function cpuMicros(pid: number): number {
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  }
  return nanos / 1000;
}
