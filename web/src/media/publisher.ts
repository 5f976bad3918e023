import type { TrackKind } from "@verbatim/shared/ids";
import type { types } from "mediasoup-client";
import type { LocalMedia, LocalState, Source } from "./local-media.ts";

export type Publisher = {
  /** Makes what is sent equal to what is open, now and on every later change, until disposed. */
  readonly dispose: () => void;
};

export type PublisherEvents = {
  readonly closed: (producerId: string) => void;
  readonly muted: (producerId: string, muted: boolean) => void;
  readonly failed: (thrown: unknown) => void;
};

const media = ["audio", "camera", "screen"] as const;

/** Sends a person's open tracks over one transport. Tracks belong to LocalMedia and are never stopped here. */
export function publish(
  transport: types.Transport,
  local: LocalMedia,
  videoCodec: types.RtpCodecCapability | undefined,
  events: PublisherEvents,
): Publisher {
  const producers = new Map<TrackKind, types.Producer>();
  let mutedSaid = local.get().muted;
  let over = false;
  let working = Promise.resolve();

  async function match(medium: TrackKind, source: Source): Promise<void> {
    const producer = producers.get(medium);
    if (source.state === "live") {
      if (!producer || producer.closed) {
        producers.set(medium, await transport.produce(optionsOf(medium, source.track, videoCodec)));
      } else if (producer.track !== source.track) {
        await producer.replaceTrack({ track: source.track });
      }
      return;
    }
    // While another device is being asked for, the producer waits: a new one would only cost a round trip.
    if (source.state === "asking" || !producer) return;
    producers.delete(medium);
    producer.close();
    events.closed(producer.id);
  }

  async function matchAll(): Promise<void> {
    const state = local.get();
    // Together: mediasoup-client queues what must not overlap.
    await Promise.all(media.map((medium) => match(medium, sourceOf(state, medium))));
    const audio = producers.get("audio");
    if (audio && mutedSaid !== state.muted) {
      mutedSaid = state.muted;
      events.muted(audio.id, state.muted);
    }
  }

  function follow(): void {
    working = working.then(async () => {
      if (over || transport.closed) return;
      try {
        await matchAll();
      } catch (thrown) {
        if (!over) events.failed(thrown);
      }
    });
  }

  const stop = local.subscribe(follow);
  follow();
  return {
    dispose: () => {
      over = true;
      stop();
    },
  };
}

const sourceOf = (state: LocalState, medium: TrackKind): Source =>
  medium === "audio" ? state.microphone : medium === "camera" ? state.camera : state.screen;

function optionsOf(
  medium: TrackKind,
  track: MediaStreamTrack,
  codec: types.RtpCodecCapability | undefined,
): types.ProducerOptions {
  // Never paused and never stopped here: a pause would end the packets, and the recording needs silence sent.
  const common = { track, appData: { medium }, stopTracks: false, disableTrackOnPause: false, zeroRtpOnPause: false };
  if (medium === "audio") {
    return {
      ...common,
      codecOptions: { opusStereo: false, opusDtx: false, opusFec: true, opusNack: true, opusMaxAverageBitrate: 40_000 },
    };
  }
  const video = codec ? { ...common, codec } : common;
  if (medium === "screen") return { ...video, encodings: [{ maxBitrate: 1_500_000 }] };
  return {
    ...video,
    encodings: [
      { scaleResolutionDownBy: 4, maxBitrate: 120_000, scalabilityMode: "L1T1" },
      { scaleResolutionDownBy: 2, maxBitrate: 400_000, scalabilityMode: "L1T1" },
      { scaleResolutionDownBy: 1, maxBitrate: 1_200_000, scalabilityMode: "L1T1" },
    ],
    codecOptions: { videoGoogleStartBitrate: 600 },
  };
}
