import type { types } from "mediasoup";
import { type IceServer, RtpCapabilities } from "@verbatim/shared/signal/media";
import type { MediaRoom, MediaRoomEvents } from "../engine.ts";
import { roomCapabilities } from "./codecs.ts";
import { type Loudness, watchLoudness } from "./loudness.ts";
import { openMediasoupTap } from "./tap.ts";
import { createMediasoupTransport } from "./transport.ts";
import type { Worker } from "./worker.ts";

/** What browsers are told of ways in; asked for each transport, because addresses change and credentials end. */
export type Announcing = {
  readonly addresses: () => readonly string[];
  readonly iceServers: () => IceServer[];
};

/** One router on one worker. */
export async function createMediasoupRoom(
  worker: Worker,
  events: MediaRoomEvents,
  announcing: Announcing,
  portsOfTaps: types.TransportPortRange,
): Promise<MediaRoom> {
  const router = await worker.createRouter(() => events.lost());
  let loudness: Loudness;
  try {
    loudness = await watchLoudness(router, events.levels);
  } catch (thrown) {
    router.close();
    throw thrown;
  }
  return {
    rtpCapabilities: spokenBy(router),
    createTransport: (direction) => createMediasoupTransport({ router, worker, direction, announcing, loudness }),
    openTap: (options) => openMediasoupTap(router, portsOfTaps, options),
    close: () => router.close(),
  };
}

/** What browsers are told that a router speaks. */
export const spokenBy = ({ rtpCapabilities }: types.Router): RtpCapabilities =>
  RtpCapabilities.parse(roomCapabilities(rtpCapabilities));
