import { msToSamples, positionAt } from "@verbatim/shared/clock";
import { endPosition, keptSpans, place, type RecordingControl, type Span } from "@verbatim/shared/recording/control";
import { nextCut, STOP_WAIT_MS } from "@verbatim/shared/recording/cuts";
import type { RunEnd, RunHeader } from "@verbatim/shared/spool/format";
import type { SpoolRecord } from "../spool/record.ts";

/** A stretch of a run whose chunks can be made, because nothing that belongs into them will come any more. */
export type Slot = {
  readonly startSamples: number;
  readonly endSamples: number;
  /** Parts of it that are to be kept. */
  readonly kept: readonly Span[];
  /** The run or the recording ends with it, as things stand: what comes after it does not go on from it. */
  readonly last: boolean;
  /** Records with a later arrival do not count for it, though they may be readable by now. */
  readonly untilUs: number;
};

export type Slots = {
  /** Takes the control log's next record; answers the slots that are closed by it. */
  push(record: SpoolRecord): Slot[];
  /**
   * Takes a control state from another run of the same recording, after this run's end: only there can it be read
   * that a Stop was undone.
   */
  learn(control: RecordingControl): Slot[];
  readonly control: RecordingControl | undefined;
  readonly end: RunEnd | undefined;
  readonly durableSamples: number;
  /** Where the next slot begins: everything before it was given out. */
  readonly position: number;
  /** Where the recording ends as things stand. */
  readonly stopSamples: number | undefined;
  /** True when nothing of this run can be wanted any more, should it all be stored. */
  readonly closed: boolean;
};

/** Late packets are waited for this long; retransmission takes a fraction of it. */
const WAIT_SAMPLES = msToSamples(2_000);
const STOP_WAIT_SAMPLES = msToSamples(STOP_WAIT_MS);
/** Less than this at a run's end is no chunk. */
const SHORTEST_SAMPLES = msToSamples(10);

/**
 * Cuts a run into slots. Only what stands in the control log decides, in its order: whoever reads the same log again,
 * however late, gets the same slots. So a chunk that was stored before a crash is the chunk that is made after it.
 */
export function createSlots(header: RunHeader): Slots {
  let control: RecordingControl | undefined;
  let end: RunEnd | undefined;
  let durableSamples = header.startSamples;
  let position = header.startSamples;

  const placed = () => place(header.clock, control?.transitions ?? []);

  const close = (untilUs: number, progress: number): Slot[] => {
    const slots: Slot[] = [];
    const transitions = placed();
    const stop = endPosition(transitions);
    const limit = Math.min(stop ?? Number.POSITIVE_INFINITY, end?.atSamples ?? Number.POSITIVE_INFINITY);
    while (position < limit) {
      const endSamples = Math.min(nextCut(position), limit);
      const soon = endSamples <= (stop ?? -1) ? (stop ?? 0) + STOP_WAIT_SAMPLES : Number.POSITIVE_INFINITY;
      if (!end && progress < Math.min(endSamples + WAIT_SAMPLES, soon)) break;
      const kept = keptSpans(transitions, endSamples)
        .map(({ from, to }) => ({ from: Math.max(from, position), to: Math.min(to, endSamples) }))
        .filter(({ from, to }) => to > from);
      if (endSamples - position >= SHORTEST_SAMPLES || endSamples !== end?.atSamples) {
        slots.push({ startSamples: position, endSamples, kept, last: endSamples === limit, untilUs });
      }
      position = endSamples;
    }
    return slots;
  };

  return {
    push(record) {
      switch (record.type) {
        case "control":
          control = record.control;
          return [];
        case "heartbeat": {
          const { atUs } = record.heartbeat;
          durableSamples = Math.max(durableSamples, record.heartbeat.durableSamples);
          return close(atUs, positionAt(header.clock, atUs));
        }
        case "end":
          end = record.end;
          // Everything in the run was made durable before its end was written.
          durableSamples = Math.max(durableSamples, end.atSamples);
          return close(Number.POSITIVE_INFINITY, end.atSamples);
        default:
          return [];
      }
    },
    learn(newer) {
      const revision = (of: RecordingControl | undefined): number => of?.transitions.at(-1)?.revision ?? 0;
      if (!end || revision(newer) <= revision(control)) return [];
      control = newer;
      return close(Number.POSITIVE_INFINITY, end.atSamples);
    },
    get control() {
      return control;
    },
    get end() {
      return end;
    },
    get durableSamples() {
      return durableSamples;
    },
    get position() {
      return position;
    },
    get stopSamples() {
      return endPosition(placed());
    },
    get closed() {
      if (!end) return false;
      const stop = endPosition(placed());
      const last = control?.transitions.at(-1)?.to;
      return last === "closed" || stop === undefined || stop >= end.atSamples;
    },
  };
}
