import { positionAt, type RecordingClock } from "@verbatim/shared/clock";
import type { SeatId } from "@verbatim/shared/ids";
import type { Manifest } from "@verbatim/shared/recording/manifest";

type Change = { readonly seatId: SeatId; readonly presence: "here" | "away" | "left"; readonly atUs: number };

/**
 * Each speaker's time in the seat, from first taking it to leaving for good, and the times therein when the connection
 * was away. Whoever left and came back was away; whoever was away and never came back left when the connection went.
 */
export function presenceSpans(
  changes: readonly Change[],
  clock: RecordingClock,
  endSamples: number,
): Pick<Manifest, "presence" | "away"> {
  const spans: Pick<Manifest, "presence" | "away"> = { presence: [], away: [] };
  const placed = changes
    .map(({ seatId, presence, atUs }) => ({ seatId, presence, at: positionAt(clock, atUs) }))
    .filter(({ at }) => at < endSamples)
    .toSorted((a, b) => a.at - b.at);
  for (const [seatId, own] of Map.groupBy(placed, (change) => change.seatId)) {
    let from: number | undefined;
    let goneAt: number | undefined;
    let left = false;
    const before = own.findLast(({ at }) => at <= 0);
    // Whoever was there at Start took the seat then, as far as the recording knows.
    if (before && before.presence !== "left") from = 0;
    if (before?.presence === "away") goneAt = 0;
    for (const { presence, at } of own.filter((change) => change.at > 0)) {
      if (presence === "here") {
        from ??= at;
        if (goneAt !== undefined && goneAt < at) spans.away.push({ seatId, fromSamples: goneAt, toSamples: at });
        goneAt = undefined;
      } else if (from !== undefined) goneAt ??= at;
      left = presence === "left";
    }
    if (from === undefined) continue;
    const to = left && goneAt !== undefined ? goneAt : endSamples;
    if (to > from) spans.presence.push({ seatId, fromSamples: from, toSamples: to });
    if (!left && goneAt !== undefined) spans.away.push({ seatId, fromSamples: goneAt, toSamples: endSamples });
  }
  return spans;
}
