import { RequestRefused, type Connection } from "../signal/connection.ts";
import { DtlsParameters } from "@verbatim/shared/signal/media";
import { Device, type types } from "mediasoup-client";
import { settle } from "./settle.ts";

export type ProbeResult =
  | { readonly path: "udp" | "tcp"; readonly roundTripMs: number }
  /** Neither protocol reached the media server. */
  | { readonly path: "none" };

const PATIENCE_MS = 5_000;

/** Proves a media path before the call: real transports, first the better protocol that connects. Needs a probe connection. */
export async function probePath(connection: Connection): Promise<ProbeResult> {
  const udp = tryProtocol(connection, "udp");
  const tcp = tryProtocol(connection, "tcp");
  const overUdp = await udp;
  if (overUdp !== undefined) return { path: "udp", roundTripMs: overUdp };
  const overTcp = await tcp;
  return overTcp === undefined ? { path: "none" } : { path: "tcp", roundTripMs: overTcp };
}

/** Round trip in ms, or undefined when nothing came through in time. */
async function tryProtocol(connection: Connection, protocol: "udp" | "tcp"): Promise<number | undefined> {
  let transport: types.Transport | undefined;
  try {
    const { transport: parameters } = await connection.request({ type: "probe-transport", protocol });
    if (!parameters) return undefined;
    const device = await Device.factory();
    // A data channel needs no codecs.
    await device.load({ routerRtpCapabilities: { codecs: [], headerExtensions: [] } });
    const made = device.createSendTransport(parameters as types.TransportOptions);
    transport = made;
    made.on("connect", ({ dtlsParameters }, done, fail) => {
      const transportId = made.id;
      const asked = connection.request({
        type: "connect-transport",
        transportId,
        dtlsParameters: DtlsParameters.parse(dtlsParameters),
      });
      void settle(asked, () => done(), fail);
    });
    made.on("producedata", ({ sctpStreamParameters }, done, fail) => {
      const { streamId = 0, ordered } = sctpStreamParameters;
      const asked = connection.request({
        type: "probe-data",
        transportId: made.id,
        sctpStreamParameters: ordered === undefined ? { streamId } : { streamId, ordered },
      });
      void settle(asked, ({ dataProducerId }) => done({ id: dataProducerId ?? "" }), fail);
    });
    const channel = await made.produceData({ ordered: true });
    await opened(channel);
    channel.send("here");
    return await roundTrip(made);
  } catch (thrown) {
    if (thrown instanceof RequestRefused || thrown instanceof NoPath) return undefined;
    throw thrown;
  } finally {
    transport?.close();
  }
}

class NoPath extends Error {}

function opened(channel: types.DataProducer): Promise<void> {
  if (channel.readyState === "open") return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new NoPath()), PATIENCE_MS);
  channel.on("open", () => {
    clearTimeout(timer);
    resolve();
  });
  channel.on("transportclose", () => {
    clearTimeout(timer);
    reject(new NoPath());
  });
  return promise;
}

/** The path's round trip, ms, as ICE's own checks measured it; they may need a moment to have measured any. */
async function roundTrip(transport: types.Transport): Promise<number> {
  for (let look = 0; look < 5; look++) {
    const report = await transport.getStats();
    for (const entry of report.values() as Iterable<Record<string, unknown>>) {
      const seconds = entry["currentRoundTripTime"];
      if (entry["type"] === "candidate-pair" && entry["state"] === "succeeded" && typeof seconds === "number") {
        return Math.max(1, Math.round(seconds * 1000));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return 1;
}
