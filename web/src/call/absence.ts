import type { Participant } from "@verbatim/shared/control/protocol";
import { hosts } from "@verbatim/shared/ids";
import type { RecordingView } from "@verbatim/shared/recording/view";

/** Later than this after the planned time, whoever waits is told what to do. */
export const LATE_MS = 10 * 60_000;

export type HostsAbsence = { readonly how: "lost" | "left"; readonly names: readonly string[] };

/** Every host is away or has left; `lost` while at least one of them may still come back by themselves. */
export function hostsAbsence(participants: readonly Participant[]): HostsAbsence | undefined {
  const all = participants.filter(({ role }) => hosts(role));
  if (all.length === 0 || all.some(({ presence }) => presence === "here")) return undefined;
  const away = all.filter(({ presence }) => presence === "away");
  const how = away.length > 0 ? "lost" : "left";
  return { how, names: (how === "lost" ? away : all).map(({ name }) => name) };
}

/**
 * The candidate never came, and it is late. The room forgets who was there when it was empty; that something was recorded
 * before says that somebody came.
 */
export function nobodyCame(
  { participants, lamp }: { readonly participants: readonly Participant[]; readonly lamp: RecordingView["lamp"] },
  startsAtMs: number,
  nowMs: number,
): boolean {
  return lamp === "off" && nowMs - startsAtMs >= LATE_MS && participants.every(({ role }) => role !== "candidate");
}
