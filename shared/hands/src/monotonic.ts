import { readFileSync } from "node:fs";
import { hrtime } from "node:process";

/** Microseconds of the host's monotonic clock; the same in every process of a host, and never stepped by NTP. */
export const monotonicUs = (): number => Number(hrtime.bigint() / 1000n);

let known: string | undefined;

/** Which boot of which host the monotonic clock counts from. */
export function bootId(): string {
  known ??= readBootId();
  return known;
}

function readBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    // Not Linux: derive the boot moment from both clocks, to the second.
    return `boot-${Math.round((Date.now() - Number(hrtime.bigint() / 1_000_000n)) / 1000)}`;
  }
}
