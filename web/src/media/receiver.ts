import type { SeatId, TrackKind } from "@verbatim/shared/ids";
import type { types } from "mediasoup-client";
import { createObservable, type Observable } from "../observable/observable.ts";
import type { Notice } from "../signal/connection.ts";
import { markFirstMedia } from "./first-media.ts";

/** One thing we see or hear of somebody else. */
export type Remote = {
  readonly consumerId: string;
  readonly seatId: SeatId;
  readonly medium: TrackKind;
  readonly track: MediaStreamTrack;
  /** Its first packet has arrived. */
  readonly flowing: boolean;
  /** It was the first of its kind on this page that was heard, or seen. */
  readonly decoded: boolean;
};

export type ConsumerNotice = Extract<Notice, { type: "consumer" }>;

export type Receiver = {
  /** Everything received now. During a change of transports a seat may have a medium twice: see `newest`. */
  readonly remotes: Observable<readonly Remote[]>;
  /**
   * Rejects when the transport refuses; a consumer known already, or closed meanwhile, is no news. `arriving` is the
   * transport, once it is there; undefined where none came of it.
   */
  readonly add: (arriving: Promise<types.Transport | undefined>, notice: ConsumerNotice) => Promise<"added" | "known">;
  readonly remove: (consumerId: string) => void;
};

type Held = { readonly consumer: types.Consumer; readonly remote: Remote };

/** The tracks received from others. They go when the server says so, and with their transport. */
export function createReceiver(): Receiver {
  const remotes = createObservable<readonly Remote[]>([]);
  const held = new Map<string, Held>();
  /** Closed by the server while the browser was still making them. */
  const unwanted = new Set<string>();
  const adding = new Set<string>();

  const show = (): void => remotes.set([...held.values()].map(({ remote }) => remote));

  function drop(consumerId: string): void {
    if (adding.has(consumerId)) unwanted.add(consumerId);
    const one = held.get(consumerId);
    if (!one) return;
    held.delete(consumerId);
    one.consumer.close();
    show();
  }

  return {
    remotes,
    add: async (arriving, notice) => {
      const { consumerId, producerId, seatId, medium, rtpParameters } = notice;
      if (held.has(consumerId) || adding.has(consumerId)) return "known";
      adding.add(consumerId);
      try {
        const transport = await arriving;
        if (!transport || transport.closed) return "known";
        const consumer = await transport.consume({
          id: consumerId,
          producerId,
          kind: medium === "audio" ? "audio" : "video",
          rtpParameters: rtpParameters as types.RtpParameters,
          // Sound and picture of one seat share a stream, so that the browser keeps lips and voice together.
          streamId: medium === "screen" ? `${seatId}-screen` : seatId,
        });
        if (unwanted.delete(consumerId) || transport.closed) {
          consumer.close();
          return "known";
        }
        const { track } = consumer;
        let decoded = false;
        const hold = (): void => {
          const flowing = !track.muted;
          held.set(consumerId, { consumer, remote: { consumerId, seatId, medium, track, flowing, decoded } });
          show();
        };
        consumer.on("transportclose", () => drop(consumerId));
        // Browsers mute a received track until its first packet.
        track.onunmute = () => (held.has(consumerId) ? hold() : undefined);
        hold();
        markFirstMedia(consumer).then(
          (first) => {
            decoded = first;
            if (first && held.has(consumerId)) hold();
          },
          () => {
            // Its connection was closed while we asked: there is nothing to mark.
          },
        );
        return "added";
      } finally {
        adding.delete(consumerId);
        unwanted.delete(consumerId);
      }
    },
    remove: drop,
  };
}

/**
 * One of each medium a seat: the last that flows, or the last. Two at once would be heard as an echo, and a new one
 * shown before its first picture would flash.
 */
export function newest(remotes: readonly Remote[]): Remote[] {
  return remotes.filter((remote) => {
    const same = remotes.filter(({ seatId, medium }) => seatId === remote.seatId && medium === remote.medium);
    return remote === (same.findLast(({ flowing }) => flowing) ?? same.at(-1));
  });
}
