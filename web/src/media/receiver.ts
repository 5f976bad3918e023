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
};

export type ConsumerNotice = Extract<Notice, { type: "consumer" }>;

export type Receiver = {
  readonly remotes: Observable<readonly Remote[]>;
  /** Rejects when the transport refuses; a consumer known already, or closed meanwhile, is no news. */
  readonly add: (transport: types.Transport, notice: ConsumerNotice) => Promise<"added" | "known">;
  readonly remove: (consumerId: string) => void;
  readonly clear: () => void;
};

/** The tracks received from others. A seat has at most one of each medium: the newest wins. */
export function createReceiver(): Receiver {
  const remotes = createObservable<readonly Remote[]>([]);
  const consumers = new Map<string, types.Consumer>();
  /** Closed by the server while the browser was still making them. */
  const unwanted = new Set<string>();
  const adding = new Set<string>();

  function drop(consumerId: string): void {
    consumers.get(consumerId)?.close();
    consumers.delete(consumerId);
    if (adding.has(consumerId)) unwanted.add(consumerId);
    remotes.set(remotes.get().filter((remote) => remote.consumerId !== consumerId));
  }

  return {
    remotes,
    add: async (transport, notice) => {
      const { consumerId, producerId, seatId, medium, rtpParameters } = notice;
      if (consumers.has(consumerId) || adding.has(consumerId)) return "known";
      adding.add(consumerId);
      try {
        const kind = medium === "audio" ? "audio" : "video";
        const consumer = await transport.consume({
          id: consumerId,
          producerId,
          kind,
          rtpParameters: rtpParameters as types.RtpParameters,
          // Sound and picture of one seat share a stream, so that the browser keeps lips and voice together.
          streamId: medium === "screen" ? `${seatId}-screen` : seatId,
        });
        if (unwanted.delete(consumerId) || transport.closed) {
          consumer.close();
          return "known";
        }
        const before = remotes.get().find((remote) => remote.seatId === seatId && remote.medium === medium);
        consumers.set(consumerId, consumer);
        void markFirstMedia(consumer).catch(() => {
          // Its connection was closed while we asked: there is nothing to mark.
        });
        remotes.set([...remotes.get(), { consumerId, seatId, medium, track: consumer.track }]);
        if (before) drop(before.consumerId);
        return "added";
      } finally {
        adding.delete(consumerId);
      }
    },
    remove: drop,
    clear: () => {
      for (const consumerId of adding) unwanted.add(consumerId);
      for (const consumer of consumers.values()) consumer.close();
      consumers.clear();
      remotes.set([]);
    },
  };
}
