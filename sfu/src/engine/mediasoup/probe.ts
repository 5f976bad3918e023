import type { types } from "mediasoup";
import type { MediaProbe } from "../engine.ts";
import { asked } from "./refusals.ts";
import type { Announcing } from "./room.ts";
import { parametersOf } from "./transport.ts";

/** A data-only transport over one protocol: when its channel opens, that protocol works both ways. */
export async function createMediasoupProbe(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
  protocol: "udp" | "tcp",
  announcing: Announcing,
): Promise<MediaProbe> {
  const transport = await router.createWebRtcTransport({
    webRtcServer,
    enableUdp: protocol === "udp",
    enableTcp: protocol === "tcp",
    enableSctp: true,
    maxReceiveMessageSize: 1_024,
    maxSendMessageSize: 1_024,
  });
  let channel: types.DataProducer | undefined;
  return {
    parameters: parametersOf(transport, announcing),
    connect: (dtlsParameters) =>
      asked("dtlsParameters", () => transport.connect({ dtlsParameters: dtlsParameters as types.DtlsParameters })),
    async produceData({ streamId, ordered, maxPacketLifeTime, maxRetransmits }) {
      channel = await asked("sctpStreamParameters", () =>
        transport.produceData({
          sctpStreamParameters: {
            streamId,
            ...(ordered === undefined ? {} : { ordered }),
            ...(maxPacketLifeTime === undefined ? {} : { maxPacketLifeTime }),
            ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
          },
        }),
      );
      return channel.id;
    },
    async received() {
      const [stats] = (await channel?.getStats()) ?? [];
      return stats?.messagesReceived ?? 0;
    },
    close: () => transport.close(),
  };
}
