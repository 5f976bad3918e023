import type { Log } from "@verbatim/hands/log";
import type { InterviewId, TrackKind } from "@verbatim/shared/ids";
import type { TapTrack } from "@verbatim/shared/tap/protocol";
import type { Counters } from "./counters.ts";
import { createSource, type Source } from "./source.ts";
import { createTrack, type Track } from "./track.ts";

/** One seat's one medium in a call: where its packets come from, and where they wait to be written. */
export type Slot = {
  readonly track: Track;
  readonly source: Source;
  /** We have listened since before it began, so that silence before its first packet is not of our making. */
  readonly sinceBefore: boolean;
  /** Packets of it that were missing when a key frame was last asked for. */
  lost: number;
};

export const isPicture = ({ kind }: { readonly kind: TrackKind }): boolean => kind !== "audio";

export function openSlot(
  told: TapTrack,
  to: {
    readonly interviewId: InterviewId;
    readonly counters: Counters;
    readonly log: Log;
    /** The recording's monotonic µs. */
    readonly now: () => number;
    readonly pushed: (track: Track) => void;
    readonly sinceBefore: boolean;
  },
): Slot {
  const { trackId, seatId, role, kind, codec, clockRate, channels } = told;
  const track = createTrack({ version: 1, trackId, seatId, role, kind, source: "live", codec, clockRate, channels });
  const push: Track["push"] = (item) => {
    track.push(item);
    to.pushed(track);
  };
  const source = createSource({
    interviewId: to.interviewId,
    counters: to.counters,
    log: to.log,
    sink: {
      media({ ssrc, sequence, timestamp, payload }) {
        // A picture's empty packets only pad, but without them its numbers would seem to lack something.
        if (payload.length === 0 && !isPicture(told)) return;
        push({ type: "media", arrivalUs: to.now(), ssrc, sequence, rtpTime: timestamp, payload });
      },
      reports(reports) {
        const arrivalUs = to.now();
        for (const { ssrc, ntpUs, rtpTime } of reports) {
          push({ type: "report", arrivalUs, report: { arrivalUs, ssrc, ntpUs, rtpTime } });
        }
      },
    },
  });
  return { track, source, sinceBefore: to.sinceBefore, lost: 0 };
}

/** Asks the senders of these pictures for key frames. */
export function askForKeyFrames(slots: Iterable<Slot>): void {
  for (const { track, source } of slots) if (isPicture(track.header)) source.askForKeyFrame();
}

/** What a picture lost can be shown again only from a key frame on. */
export function mendPictures(slots: Iterable<Slot>): void {
  for (const slot of slots) {
    if (slot.source.lost > slot.lost) askForKeyFrames([slot]);
    slot.lost = slot.source.lost;
  }
}
