import { positionAt, type RecordingClock } from "@verbatim/shared/clock";
import type { Mark } from "@verbatim/shared/spool/format";
import type { Span } from "@verbatim/shared/recording/control";

export type Absence = Span & { readonly cause: Extract<Mark, { type: "absent" }>["cause"] };

export type MarkSpans = { readonly muted: readonly Span[]; readonly absent: readonly Absence[] };

/** Turns a track's marks into spans of positions. An open span reaches to the position that is asked about. */
export function createMarkSpans(clock: RecordingClock) {
  const muted: Span[] = [];
  const absent: Absence[] = [];
  let mutedFrom: number | undefined;
  let away: { from: number; cause: Absence["cause"] } | undefined;

  const close = (spans: Span[], span: Span): void => {
    if (span.to > span.from) spans.push(span);
  };

  return {
    push(mark: Mark): void {
      const at = positionAt(clock, mark.atUs);
      if (mark.type === "mute") mutedFrom ??= at;
      if (mark.type === "unmute" && mutedFrom !== undefined) {
        close(muted, { from: mutedFrom, to: at });
        mutedFrom = undefined;
      }
      if ((mark.type === "absent" || mark.type === "present") && away) {
        if (away.from < at) absent.push({ ...away, to: at });
        away = undefined;
      }
      if (mark.type === "absent") away = { from: at, cause: mark.cause };
    },
    /** Spans within [from, to). */
    within(from: number, to: number): MarkSpans {
      const clip = <S extends Span>(spans: readonly S[]): S[] =>
        spans
          .map((span) => ({ ...span, from: Math.max(from, span.from), to: Math.min(to, span.to) }))
          .filter((span) => span.to > span.from);
      return {
        muted: clip(mutedFrom === undefined ? muted : [...muted, { from: mutedFrom, to }]),
        absent: clip(away ? [...absent, { ...away, to }] : absent),
      };
    },
    /** Forgets what ended before a position. */
    forget(before: number): void {
      for (const spans of [muted, absent]) {
        while ((spans[0]?.to ?? before + 1) <= before) spans.shift();
      }
    },
  };
}
