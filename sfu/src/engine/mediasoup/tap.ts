import type { types } from "mediasoup";
import { Srtp } from "@verbatim/shared/tap/protocol";
import type { MediaTap, TapOptions } from "../engine.ts";
import { tapCapabilities } from "./codecs.ts";
import { asked } from "./refusals.ts";

const RANGES = [
  { min: 20_000, max: 29_999 },
  { min: 30_000, max: 39_999 },
];

/**
 * Where taps may bind on loopback: never where a worker's media port lies, or a tap that came by it while that worker
 * was dead would keep its successor from starting. `first` is the first media port, 0 when each worker chooses.
 */
export function tapPorts(first: number, workers: number): { readonly min: number; readonly max: number } {
  const free = RANGES.find(({ min, max }) => first + workers <= min || first > max);
  if (!free) throw new Error("The media ports leave no room for taps");
  return free;
}

/** A transport of its own per tap, so that a tap ends without touching another one. */
export async function openMediasoupTap(
  router: types.Router,
  portRange: types.TransportPortRange,
  options: TapOptions,
): Promise<MediaTap> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: "udp", ip: "127.0.0.1", portRange },
    rtcpMux: true,
    // Never comedia: whoever sends first would receive the interview.
    comedia: false,
    enableSrtp: true,
    srtpCryptoSuite: options.srtp.cryptoSuite,
  });
  try {
    await asked("srtp", () => transport.connect({ ip: options.ip, port: options.port, srtpParameters: options.srtp }));
    const consumer = await asked("producerId", () =>
      transport.consume({
        producerId: options.producerId,
        rtpCapabilities: tapCapabilities(router.rtpCapabilities),
        paused: true,
        enableRtx: false,
      }),
    );
    const ended = (): void => {
      transport.close();
      options.onClosed();
    };
    consumer.once("producerclose", ended);
    consumer.once("transportclose", ended);
    const [encoding] = consumer.rtpParameters.encodings ?? [];
    const [codec] = consumer.rtpParameters.codecs;
    if (encoding?.ssrc === undefined || codec === undefined) throw new Error("A tap's consumer has no stream");
    return {
      id: transport.id,
      ssrc: encoding.ssrc,
      payloadType: codec.payloadType,
      srtp: Srtp.parse(transport.srtpParameters),
      // Of a camera sent in several sizes the largest that arrives is recorded: it is what people saw, and a smaller
      // one would save the disk what the call had paid for already. Changing over waits for a key frame by itself.
      resume: () => consumer.resume(),
      async requestKeyFrame() {
        if (consumer.kind === "video") await consumer.requestKeyFrame();
      },
      close() {
        consumer.off("transportclose", ended);
        transport.close();
      },
    };
  } catch (thrown) {
    transport.close();
    throw thrown;
  }
}
