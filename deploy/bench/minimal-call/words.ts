import type { types as client } from "mediasoup-client";

/** What the page of the minimal call says. Both ends are ours, so nothing is checked. */
export type Question =
  | { type: "connect"; transportId: string; dtlsParameters: client.DtlsParameters }
  | { type: "consume"; rtpCapabilities: client.RtpCapabilities }
  | { type: "produce"; rtpParameters: client.RtpParameters }
  | { type: "resume"; consumerId: string };

export type Answer =
  | {
      type: "welcome";
      routerRtpCapabilities: client.RtpCapabilities;
      recv: client.TransportOptions;
      send: client.TransportOptions;
    }
  | { type: "consumer"; consumer: client.ConsumerOptions };
