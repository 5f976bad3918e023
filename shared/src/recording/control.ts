import { z } from "zod";
import { RecordingClock, positionAt } from "../clock.ts";
import { RecordingId, SeatId } from "../ids.ts";

/** What the sfu and capture are told to do from `atUs` on (SFU host's monotonic µs; null until the sfu accepted it). */
export const Transition = z.strictObject({
  revision: z.int().min(1),
  to: z.enum(["recording", "paused", "stopped", "closed"]),
  atUs: z.int().min(0).nullable(),
});
export type Transition = z.infer<typeof Transition>;

/** The whole control state of one recording, repeated until acknowledged; later revisions contain earlier ones. */
export const RecordingControl = z.strictObject({
  recordingId: RecordingId,
  epoch: z.int().min(0),
  controller: z.strictObject({ seatId: SeatId, name: z.string().max(200) }).nullable(),
  clock: RecordingClock.nullable(),
  transitions: z.array(Transition).min(1),
});
export type RecordingControl = z.infer<typeof RecordingControl>;

/** Half-open range of positions. */
export type Span = { readonly from: number; readonly to: number };

/** A transition on the recording's clock. */
export type PlacedTransition = { readonly to: Transition["to"]; readonly at: number };

/** Accepted transitions as positions, oldest first; those the sfu has not accepted yet are left out. */
export function place(clock: RecordingClock, transitions: readonly Transition[]): PlacedTransition[] {
  return transitions
    .flatMap((t) =>
      t.atUs === null ? [] : [{ to: t.to, at: Math.max(0, positionAt(clock, t.atUs)), revision: t.revision }],
    )
    .toSorted((a, b) => a.revision - b.revision)
    .map(({ to, at }) => ({ to, at }));
}

/**
 * Which positions are to be kept, up to `now`. A pause leaves a hole; a Stop that was undone leaves
 * none, because capture went on in the spool (product decision: undo continues without a hole).
 */
export function keptSpans(transitions: readonly PlacedTransition[], now: number): Span[] {
  const spans: { from: number; to: number }[] = [];
  let openFrom: number | undefined;
  let stoppedFrom: number | undefined;
  for (const { to, at } of transitions) {
    if (to === "recording") {
      openFrom = stoppedFrom ?? openFrom ?? at;
      stoppedFrom = undefined;
    } else {
      // Stop keeps what was open before it reachable for an undo; a pause does not.
      if (openFrom !== undefined) {
        if (at > openFrom) spans.push({ from: openFrom, to: at });
        stoppedFrom = to === "stopped" ? at : undefined;
      } else if (to === "paused") {
        stoppedFrom = undefined;
      }
      openFrom = undefined;
    }
  }
  if (openFrom !== undefined && now > openFrom) spans.push({ from: openFrom, to: now });
  return joinTouching(spans);
}

/** Position at which the recording ends as things stand, or undefined while it is not stopped. */
export function endPosition(transitions: readonly PlacedTransition[]): number | undefined {
  let end: number | undefined;
  for (const { to, at } of transitions) {
    if (to === "recording" || to === "paused") end = undefined;
    else end ??= at;
  }
  return end;
}

function joinTouching(spans: readonly Span[]): Span[] {
  const joined: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  return joined;
}
