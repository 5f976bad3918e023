import { DtlsParameters, RtpParameters } from "@verbatim/shared/signal/media";
import type { Session } from "@verbatim/shared/signal/protocol";
import { TrackKind } from "@verbatim/shared/ids";
import type { types } from "mediasoup-client";
import type { Ok, Request } from "../signal/connection.ts";
import type { BrowserDevice, Loaded } from "./browser-device.ts";
import { settle } from "./settle.ts";

export type Ask = (request: Request) => Promise<Ok>;

export type TransportEvents = {
  /** The worse state of the two. */
  readonly state: (state: "connected" | "connecting" | "disconnected" | "failed") => void;
  readonly refused: (thrown: unknown) => void;
};

export type Transports = Pick<Loaded, "rtpCapabilities"> & {
  readonly recv: types.Transport;
  readonly send: types.Transport | undefined;
  readonly close: () => void;
};

/** Builds the two transports that a session describes. `ask` is looked up at each use: the socket may be a newer one by then. */
export async function openTransports(
  browser: BrowserDevice,
  session: Session,
  ask: Ask,
  muted: () => boolean,
  events: TransportEvents,
): Promise<Transports> {
  const { device, rtpCapabilities } = await browser.load(session.routerRtpCapabilities);
  const recv = device.createRecvTransport(session.recv as types.TransportOptions);
  const send = session.send ? device.createSendTransport(session.send as types.TransportOptions) : undefined;

  for (const transport of send ? [recv, send] : [recv]) {
    transport.on("connect", ({ dtlsParameters }, done) => {
      ask({
        type: "connect-transport",
        transportId: transport.id,
        dtlsParameters: DtlsParameters.parse(dtlsParameters),
      }).catch(events.refused);
      // Not awaited: the frames arrive in order, so what follows need not wait a round trip.
      done();
    });
    transport.on("connectionstatechange", () => events.state(worse(recv.connectionState, send?.connectionState)));
  }
  send?.on("produce", ({ rtpParameters, appData }, done, fail) => {
    const asked = ask({
      type: "produce",
      transportId: send.id,
      medium: TrackKind.parse(appData["medium"]),
      rtpParameters: RtpParameters.parse(rtpParameters),
      muted: appData["medium"] === "audio" && muted(),
    });
    void settle(asked, ({ producerId }) => done({ id: producerId ?? "" }), fail);
  });

  return {
    rtpCapabilities,
    recv,
    send,
    close: () => {
      recv.close();
      send?.close();
    },
  };
}

/** A transport that was never needed stays `new`, which is no fault. */
function worse(a: types.ConnectionState, b: types.ConnectionState | undefined) {
  const states = [a, b];
  if (states.includes("failed")) return "failed";
  if (states.includes("disconnected")) return "disconnected";
  if (states.includes("connecting")) return "connecting";
  return states.includes("connected") ? "connected" : "connecting";
}
