import type { Connection } from "../signal/connection.ts";
import { openAttempt, type Attempt } from "./probe-attempt.ts";

/** What the network's people have to let through. */
export type Wanted = {
  readonly addresses: readonly string[];
  readonly ports: { readonly first: number; readonly last: number };
};

export type ProbeResult =
  | {
      readonly path: Way;
      readonly roundTripMs: number;
      /** Of what this browser sent, 0 to 1. */
      readonly loss: number;
      readonly wanted: Wanted | undefined;
    }
  /** Nothing reached the media server; without `wanted` not even its signalling answered. */
  | { readonly path: "none"; readonly wanted: Wanted | undefined };

/** Straight to the media server over UDP or TCP, or by a relay. */
export type Way = "udp" | "tcp" | "relay";

/**
 * Until when each way is waited for, ms from the beginning: the better one gets a head start, and the whole check,
 * with the second it takes to measure, answers within 5 s.
 */
const waits: readonly (readonly [Way, number])[] = [
  ["udp", 2_000],
  ["tcp", 2_500],
  ["relay", 3_400],
  ["tcp", 3_400],
  ["udp", 3_400],
];

/** Proves a media path before the call: real transports, the best that connects. Needs a probe connection. `signal` closes them at once. */
export async function probePath(connection: Connection, signal: AbortSignal): Promise<ProbeResult> {
  const began = performance.now();
  const ways = new Map((["udp", "tcp", "relay"] as const).map((way) => [way, openAttempt(connection, way)]));
  const close = (): void => {
    for (const attempt of ways.values()) attempt.close();
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    for (const [way, untilMs] of waits) {
      const attempt = ways.get(way);
      if (!attempt || !(await opensWithin(attempt, began + untilMs - performance.now()))) continue;
      const measured = await attempt.measure();
      // It opened and broke off: as good as closed, another one may hold.
      if (measured) return { path: way, ...measured, wanted: wantedOf(ways) };
    }
    return { path: "none", wanted: wantedOf(ways) };
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

async function opensWithin(attempt: Attempt, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
  });
  const opened = await Promise.race([attempt.opened, late]);
  clearTimeout(timer);
  return opened;
}

function wantedOf(ways: ReadonlyMap<Way, Attempt>): Wanted | undefined {
  return ways.get("udp")?.wanted() ?? ways.get("tcp")?.wanted();
}
