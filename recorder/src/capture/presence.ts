import type { Mark } from "@verbatim/shared/spool/format";
import type { TapSeat } from "@verbatim/shared/tap/protocol";

export type AbsenceCause = Extract<Mark, { type: "absent" }>["cause"];

/** What is known of a track's source at one moment. */
export type SourceState = {
  /** The seat as the sfu last told; undefined when it no longer lists it. */
  readonly seat: Pick<TapSeat, "presence" | "sinceUs"> | undefined;
  /** The sfu lists a producer for the track. */
  readonly producing: boolean;
  /** Nothing of it has come yet, though we have listened since its seat was taken. */
  readonly awaited: boolean;
  /** We can hear of changes. While we cannot, packets alone say that the source lives. */
  readonly linked: boolean;
  /** A muted microphone sends nothing: its silence says nothing either. */
  readonly muted: boolean;
  readonly lastArrivalUs: number;
  readonly nowUs: number;
};

/** Without a word from the sfu, a source that was silent this long is lost. */
const SILENT_US = 2_000_000;

/** Why a track has no source, and since when; undefined while it has one. */
export function absenceOf(source: SourceState): { readonly cause: AbsenceCause; readonly sinceUs: number } | undefined {
  const { seat, producing, awaited, linked, muted, lastArrivalUs, nowUs } = source;
  if (!seat) return { cause: "left", sinceUs: nowUs };
  if (seat.presence === "left") return { cause: "left", sinceUs: seat.sinceUs };
  if (seat.presence === "away") return { cause: "disconnect", sinceUs: seat.sinceUs };
  if (!producing) return { cause: "sfu", sinceUs: nowUs };
  // A browser's way to the sfu stands a moment after its seat: what is not there until then was never sent.
  if (awaited && !muted) return { cause: "sfu", sinceUs: seat.sinceUs };
  if (!linked && !muted && nowUs - lastArrivalUs > SILENT_US) return { cause: "sfu", sinceUs: lastArrivalUs };
  return undefined;
}
