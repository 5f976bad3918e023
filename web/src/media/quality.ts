/** How the network serves a person, from two measurements a few seconds apart. */
export type Quality = "good" | "fair" | "poor";

/** Sums over the streams of one direction. */
export type Traffic = {
  readonly packets: number;
  readonly lost: number;
  /** ms, the worst of all streams; undefined when nothing measured it yet. */
  readonly roundTripMs: number | undefined;
};

/** Above 3 % loss speech starts to suffer, above 10 % words go missing; 300 ms delays turn-taking. */
export function qualityOf(before: Traffic, now: Traffic): Quality {
  const lost = Math.max(0, now.lost - before.lost);
  const packets = Math.max(0, now.packets - before.packets);
  const ratio = lost + packets === 0 ? 0 : lost / (lost + packets);
  const delay = now.roundTripMs ?? 0;
  if (ratio > 0.1 || delay > 800) return "poor";
  if (ratio > 0.03 || delay > 300) return "fair";
  return "good";
}

/** Reads what the browser knows of one peer connection. */
export function trafficOf(report: RTCStatsReport): Traffic {
  let packets = 0;
  let lost = 0;
  let roundTripMs: number | undefined;
  for (const entry of report.values() as Iterable<Record<string, unknown>>) {
    const number = (key: string): number => (typeof entry[key] === "number" ? entry[key] : 0);
    if (entry["type"] === "inbound-rtp") {
      packets += number("packetsReceived");
      lost += number("packetsLost");
    }
    if (entry["type"] === "outbound-rtp") packets += number("packetsSent");
    if (entry["type"] === "remote-inbound-rtp") lost += number("packetsLost");
    if (entry["type"] === "candidate-pair" && entry["nominated"] === true) {
      roundTripMs = Math.max(roundTripMs ?? 0, number("currentRoundTripTime") * 1000);
    }
  }
  return { packets, lost, roundTripMs };
}

/** Bytes received so far by each received track. */
export function receivedBytes(report: RTCStatsReport): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const entry of report.values() as Iterable<Record<string, unknown>>) {
    const { type, trackIdentifier, bytesReceived } = entry as {
      type?: unknown;
      trackIdentifier?: unknown;
      bytesReceived?: unknown;
    };
    if (type === "inbound-rtp" && typeof trackIdentifier === "string" && typeof bytesReceived === "number") {
      bytes.set(trackIdentifier, bytesReceived);
    }
  }
  return bytes;
}
