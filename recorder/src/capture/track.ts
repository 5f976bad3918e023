import type { Mark, SenderReport, TrackHeader } from "@verbatim/shared/spool/format";
import type { MediaPacket } from "../spool/record.ts";
import type { LogWriter } from "../spool/writer.ts";
import type { AbsenceCause } from "./presence.ts";
import type { Phases } from "./phase.ts";

/** What waits to be written for a track, in the order of its arrival. */
export type TrackItem =
  | ({ readonly type: "media"; readonly ssrc: number } & MediaPacket)
  | { readonly type: "report"; readonly arrivalUs: number; readonly report: SenderReport }
  | { readonly type: "mark"; readonly arrivalUs: number; readonly mark: StateMark };

type StateMark = Exclude<Mark, { type: "source" }>;

/** Where a run's tracks are written. */
export type TrackStore = {
  /** Nothing that arrived earlier belongs to this run. */
  readonly startUs: number;
  openTrack(header: TrackHeader): LogWriter;
};

/**
 * A packet is written at the earliest this long after its arrival: a Pause stamped before it and on its way to us
 * (loopback: under 1 ms) then keeps it out of the file.
 */
export const RIPE_US = 4_000;
/** How long a packet that no Start or resume has claimed stays in memory. */
export const HELD_US = 2_000_000;

/** One seat's one medium through all its producers: a short queue in memory, and the log of the run under way. */
export type Track = {
  readonly header: TrackHeader;
  push(item: TrackItem): void;
  /** Drops from memory what nobody claimed in time; for calls that are not being recorded. */
  prune(nowUs: number, phases: Phases): void;
  /** Writes what is ripe into the run's log (made here when it is not there). True when something still ripens. */
  drain(nowUs: number, phases: Phases, store: TrackStore): boolean;
  /** How the last marks pushed left it. */
  readonly muted: boolean;
  readonly absent: AbsenceCause | undefined;
  readonly lastArrivalUs: number;
};

type Written = { readonly store: TrackStore; readonly log: LogWriter; ssrc: number | undefined };
type TrackState = { muted: boolean; absent: AbsenceCause | undefined };

export function createTrack(header: TrackHeader): Track {
  const items: TrackItem[] = [];
  let head = 0;
  let written: Written | undefined;
  let lastArrivalUs = 0;
  /** After the marks pushed, and after the marks that left the queue: a new log begins with the latter. */
  const now: TrackState = { muted: false, absent: undefined };
  const past: TrackState = { muted: false, absent: undefined };

  const pop = (): void => {
    head += 1;
    if (head < 512) return;
    items.splice(0, head);
    head = 0;
  };

  const logOf = (store: TrackStore): Written => {
    if (written?.store === store) return written;
    const log = store.openTrack(header);
    log.append({ type: "track", header });
    if (past.muted) log.append({ type: "mark", mark: { type: "mute", atUs: store.startUs } });
    if (past.absent) log.append({ type: "mark", mark: { type: "absent", atUs: store.startUs, cause: past.absent } });
    written = { store, log, ssrc: undefined };
    return written;
  };

  const write = (item: TrackItem, store: TrackStore): void => {
    const to = logOf(store);
    if (item.type === "media") {
      if (to.ssrc !== item.ssrc) {
        // A new producer, or a new tap of the old one: its RTP times begin anew.
        to.log.append({ type: "mark", mark: { type: "source", atUs: item.arrivalUs, ssrc: item.ssrc } });
        to.ssrc = item.ssrc;
      }
      to.log.appendMedia(item);
    } else if (item.type === "report") {
      to.log.append({ type: "report", report: item.report });
    } else {
      to.log.append({ type: "mark", mark: item.mark });
    }
  };

  /** Handles the items that can be decided now. True when the first that cannot only has to ripen. */
  const settle = (nowUs: number, phases: Phases, store: TrackStore | undefined): boolean => {
    for (let item = items[head]; item; item = items[head]) {
      const young = item.arrivalUs > nowUs - RIPE_US;
      if (item.type === "mark") {
        const belongs = store !== undefined && item.arrivalUs >= store.startUs;
        if (belongs && young) return true;
        if (belongs) write(item, store);
        apply(past, item.mark);
      } else {
        const keep = phases.keep(item.arrivalUs);
        if (keep === "write" && store) {
          if (young) return true;
          if (item.arrivalUs >= store.startUs) write(item, store);
        } else if (keep !== "drop" && item.arrivalUs > nowUs - HELD_US) {
          return false;
        }
      }
      pop();
    }
    items.length = 0;
    head = 0;
    return false;
  };

  return {
    header,
    push(item) {
      items.push(item);
      if (item.type === "mark") apply(now, item.mark);
      else if (item.type === "media") lastArrivalUs = item.arrivalUs;
    },
    prune(nowUs, phases) {
      settle(nowUs, phases, undefined);
    },
    drain(nowUs, phases, store) {
      const ripening = settle(nowUs, phases, store);
      logOf(store);
      return ripening;
    },
    get muted() {
      return now.muted;
    },
    get absent() {
      return now.absent;
    },
    get lastArrivalUs() {
      return lastArrivalUs;
    },
  };
}

function apply(state: TrackState, mark: StateMark): void {
  if (mark.type === "mute") state.muted = true;
  else if (mark.type === "unmute") state.muted = false;
  else state.absent = mark.type === "absent" ? mark.cause : undefined;
}
