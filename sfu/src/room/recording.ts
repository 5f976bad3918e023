import type { RecordingClock } from "@verbatim/shared/clock";
import type { RecordingControl, Transition } from "@verbatim/shared/recording/control";

/** The moment of acceptance, by both clocks of this host. */
export type Now = { readonly bootId: string; readonly us: number; readonly utcMs: number };

/**
 * Takes the api's word on a recording and stamps what is new in it with this host's monotonic clock, once and for all:
 * a stamp that was given stays, whoever repeats the state. Stamps that already come along (we were restarted) are
 * adopted. The first accepted `recording` transition sets the clock: position 0 is the moment we accept Start.
 */
export function acceptRecording(
  known: RecordingControl | null,
  told: RecordingControl | null,
  now: Now,
): RecordingControl | null {
  if (told === null) return known;
  const before = known?.recordingId === told.recordingId ? known : null;
  let clock = before?.clock ?? told.clock;
  const stamps = new Map<number, number | null>();
  for (const { revision, atUs } of [...told.transitions, ...(before?.transitions ?? [])]) {
    if (atUs !== null) stamps.set(revision, atUs);
  }
  const transitions: Transition[] = [];
  let lastUs = 0;
  for (const transition of mergeByRevision(before?.transitions ?? [], told.transitions)) {
    const given = stamps.get(transition.revision) ?? null;
    const atUs = given ?? Math.max(lastUs, onClock(clock, now));
    if (clock === null && transition.to === "recording") {
      clock = { bootId: now.bootId, startUs: atUs, startUtcMs: now.utcMs };
    }
    lastUs = Math.max(lastUs, atUs);
    transitions.push({ ...transition, atUs });
  }
  return { recordingId: told.recordingId, epoch: told.epoch, controller: told.controller, clock, transitions };
}

/**
 * Now, in the recording's monotonic µs. After a reboot of the host its monotonic clock began anew; the recording's
 * goes on by UTC, which is the only thing both boots share.
 */
function onClock(clock: RecordingClock | null, now: Now): number {
  if (clock === null || clock.bootId === now.bootId) return now.us;
  return clock.startUs + Math.max(0, now.utcMs - clock.startUtcMs) * 1_000;
}

function mergeByRevision(known: readonly Transition[], told: readonly Transition[]): Transition[] {
  const merged = new Map<number, Transition>();
  for (const transition of [...told, ...known]) merged.set(transition.revision, transition);
  return [...merged.values()].toSorted((a, b) => a.revision - b.revision);
}

/** True from its first transition to closing: captures and this room must stay. */
export function isOpen(recording: RecordingControl | null): boolean {
  return recording !== null && recording.transitions.at(-1)?.to !== "closed";
}
