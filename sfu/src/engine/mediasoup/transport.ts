import type { types } from "mediasoup";
import { IceParameters, RtpParameters, TransportParameters } from "@verbatim/shared/signal/media";
import type { MediaConsumer, MediaProducer, MediaTransport, ProduceOptions } from "../engine.ts";
import { announce } from "./addresses.ts";
import { codecOf } from "./codecs.ts";
import type { Loudness } from "./loudness.ts";
import { asked } from "./refusals.ts";
import type { Announcing } from "./room.ts";
import type { Worker } from "./worker.ts";

/** What one browser may send, all media together: a 720p camera, a screen and a microphone fit. */
const MAX_INCOMING_BITS_PER_SECOND = 6_000_000;

export async function createMediasoupTransport(options: {
  readonly router: types.Router;
  readonly worker: Worker;
  readonly direction: "send" | "recv";
  readonly announcing: Announcing;
  readonly loudness: Loudness;
}): Promise<MediaTransport> {
  const { router, worker, direction, announcing, loudness } = options;
  const transport = await router.createWebRtcTransport({
    webRtcServer: worker.server,
    enableUdp: true,
    enableTcp: true,
    preferUdp: true,
    initialAvailableOutgoingBitrate: 1_000_000,
  });
  // Nobody who joins waits for it; whatever is sent does.
  const limited = direction === "send" ? transport.setMaxIncomingBitrate(MAX_INCOMING_BITS_PER_SECOND) : undefined;
  limited?.catch(() => {
    // Told to who produces; a transport that was closed before has nobody to tell.
  });
  return {
    id: transport.id,
    parameters: parametersOf(transport, announcing),
    connect: (dtlsParameters) =>
      asked("dtlsParameters", () => transport.connect({ dtlsParameters: exact(dtlsParameters) })),
    async restartIce() {
      const iceParameters = IceParameters.parse(await transport.restartIce());
      return { iceParameters, iceServers: announcing.iceServers() };
    },
    async produce(produce) {
      await limited;
      const producer = await produceOn(transport, produce);
      if (produce.medium === "audio") await loudness.add(producer.id);
      return producer;
    },
    async consume({ producerId, rtpCapabilities }) {
      const consumer = await asked("rtpCapabilities", () =>
        transport.consume({ producerId, rtpCapabilities: exact(rtpCapabilities), paused: true }),
      );
      return consumerOf(consumer);
    },
    async traffic() {
      const [stats] = await transport.getStats();
      return { receivedBytes: stats?.bytesReceived ?? 0, sentBytes: stats?.bytesSent ?? 0 };
    },
    close: () => transport.close(),
  };
}

/** What the browser needs to reach a transport, under every announced address, and the relays beside them. */
export function parametersOf(transport: types.WebRtcTransport, announcing: Announcing): TransportParameters {
  const parameters = TransportParameters.parse({
    id: transport.id,
    iceParameters: transport.iceParameters,
    iceCandidates: transport.iceCandidates,
    dtlsParameters: transport.dtlsParameters,
    ...(transport.sctpParameters ? { sctpParameters: transport.sctpParameters } : {}),
  });
  return {
    ...parameters,
    iceCandidates: announce(parameters.iceCandidates, announcing.addresses()),
    iceServers: announcing.iceServers(),
  };
}

async function produceOn(transport: types.WebRtcTransport, options: ProduceOptions): Promise<MediaProducer> {
  const codec = codecOf(options.medium, options.rtpParameters);
  const producer = await asked("rtpParameters", () =>
    transport.produce({
      kind: options.medium === "audio" ? "audio" : "video",
      rtpParameters: exact(options.rtpParameters),
      paused: options.muted,
    }),
  );
  // The first packet of a stream is what makes its score; a stream that went quiet comes back with a score, too.
  producer.on("score", (scores) => {
    if (scores.some(({ score }) => score > 0)) options.onFlowing();
  });
  return {
    id: producer.id,
    codec,
    setMuted: (muted) => (muted ? producer.pause() : producer.resume()),
    receivedBytes: async () => (await producer.getStats()).reduce((sum, { byteCount }) => sum + byteCount, 0),
    close: () => producer.close(),
  };
}

function consumerOf(consumer: types.Consumer): MediaConsumer {
  return {
    id: consumer.id,
    rtpParameters: RtpParameters.parse(consumer.rtpParameters),
    resume: () => consumer.resume(),
    async preferLayer(spatialLayer) {
      if (consumer.type === "simulcast" || consumer.type === "svc") await consumer.setPreferredLayers({ spatialLayer });
    },
    close: () => consumer.close(),
  };
}

/**
 * Our schemas bound what a browser may say; mediasoup's types spell the same fields without `undefined` and with its
 * lists of known names, and it validates the values itself, so the narrowing is its own.
 */
function exact<To>(value: object): To {
  return value as To;
}
