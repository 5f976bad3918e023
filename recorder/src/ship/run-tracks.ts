import type { RecordingClock } from "@verbatim/shared/clock";
import { positionAt } from "@verbatim/shared/clock";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import type { Log } from "@verbatim/hands/log";
import { soundFiles } from "../spool/open-run.ts";
import type { Slot } from "./slots.ts";
import { openTrackFeed, type TrackFeed } from "./track-feed.ts";
import { createTrackMedia, type SlotMedia, type TrackMedia } from "./track-media.ts";

type AliveTrack = Extract<RecorderEvent, { type: "run-alive" }>["tracks"][number];

/** How much one look reads of a log that is far behind: other runs wait their turn. */
const READS_PER_LOOK = 8;

/** All speakers' tracks of one run, as they appear. */
export function createRunTracks(dir: string, clock: RecordingClock, log: Log) {
  const tracks = new Map<string, { readonly feed: TrackFeed; media: TrackMedia | undefined }>();

  const open = (): void => {
    for (const file of soundFiles(dir)) {
      if (!tracks.has(file)) tracks.set(file, { feed: openTrackFeed(dir, file), media: undefined });
    }
  };

  return {
    /** Reads what is new in every track. */
    look(): void {
      open();
      for (const { feed } of tracks.values()) {
        for (let reads = 0; reads < READS_PER_LOOK && !feed.look(); reads++);
      }
    },
    /** What every speaker's track holds for a slot. */
    advance(slot: Slot): SlotMedia[] {
      open();
      return [...tracks.values()].flatMap((track) => {
        const { feed } = track;
        if (!feed.header) feed.look();
        if (!feed.header) return [];
        if (!track.media) {
          track.media = createTrackMedia(clock, feed.header);
          if (!isSpeech(feed)) log.warn("ship.track_not_shipped", { codec: feed.header.codec });
        }
        if (isSpeech(feed)) return [track.media.advance(slot, feed.take(slot.untilUs))];
        return [];
      });
    },
    get alive(): AliveTrack[] {
      return [...tracks.values()].flatMap(({ feed }) => {
        if (!feed.header) return [];
        const { trackId, seatId, role, kind, codec } = feed.header;
        const lastPacketSamples = Math.max(0, positionAt(clock, feed.lastPacketUs ?? clock.startUs));
        return [{ trackId, seatId, role, kind, codec, lastPacketSamples }];
      });
    },
    get speakers(): number {
      return [...tracks.values()].filter(({ feed }) => isSpeech(feed)).length;
    },
    get late(): number {
      return [...tracks.values()].reduce((sum, { media }) => sum + (media?.late ?? 0), 0);
    },
    [Symbol.dispose]() {
      for (const { feed } of tracks.values()) feed[Symbol.dispose]();
    },
  };
}

/** Sound as PCM has no source yet. */
const isSpeech = ({ header }: TrackFeed): boolean => header?.codec === "opus";
