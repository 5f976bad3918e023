import type { RecordingClock } from "@verbatim/shared/clock";
import type { SfuLink } from "./sfu-link.ts";

/** This host's monotonic µs, and the boot it counts from; UTC ms serves only recordings of another boot. */
export type HostClock = {
  readonly nowUs: () => number;
  readonly bootId: string;
  readonly utcMs: () => number;
};

/** What to add to our clock to have the recording's. Its boot is ours, or the sfu's, or one that is over. */
export function offsetFor(
  clock: RecordingClock | undefined,
  link: Pick<SfuLink, "bootId" | "offsetUs">,
  host: HostClock,
): number {
  if (!clock || clock.bootId === link.bootId) return link.offsetUs;
  if (clock.bootId === host.bootId) return 0;
  // The host was rebooted since Start: UTC is all that both boots share, and the sfu reckons in the same way.
  return clock.startUs + (host.utcMs() - clock.startUtcMs) * 1_000 - host.nowUs();
}
