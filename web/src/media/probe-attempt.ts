import { DtlsParameters, type TransportParameters } from "@verbatim/shared/signal/media";
import { Device, type types } from "mediasoup-client";
import { type Connection, RequestRefused } from "../signal/connection.ts";
import type { Wanted, Way } from "./probe.ts";
import { settle } from "./settle.ts";

/** One way tried: a transport with a data channel. */
export type Attempt = {
  /** False when it failed; pending while the browser still tries. */
  readonly opened: Promise<boolean>;
  wanted(): Wanted | undefined;
  /** Sends for a second and asks how much arrived; undefined when the way broke meanwhile. */
  measure(): Promise<{ readonly roundTripMs: number; readonly loss: number } | undefined>;
  close(): void;
};

/** As many as sound packets in 0.8 s at 40 ms: enough to see one in twenty go missing. */
const MESSAGES = 20;
const SPACING_MS = 40;
/** What is still under way when the last one is sent. */
const TAIL_MS = 200;

export function openAttempt(connection: Connection, way: Way): Attempt {
  let transport: types.Transport | undefined;
  let channel: types.DataProducer | undefined;
  let wanted: Wanted | undefined;
  let closed = false;

  const open = async (): Promise<boolean> => {
    const protocol = way === "tcp" ? "tcp" : "udp";
    const { transport: parameters, mediaPorts } = await connection.request({ type: "probe-transport", protocol });
    if (!parameters || closed) return false;
    wanted = wantedOf(parameters, mediaPorts);
    const relays = (parameters.iceServers ?? []).filter(({ urls }) => urls.some((url) => url.startsWith("turn")));
    if (way === "relay" && relays.length === 0) return false;
    const device = await Device.factory();
    // A data channel needs no codecs.
    await device.load({ routerRtpCapabilities: { codecs: [], headerExtensions: [] } });
    const made = device.createSendTransport({
      ...(parameters as types.TransportOptions),
      // Only the way that is tried: a relay behind the others' back would prove nothing of them.
      iceServers: way === "relay" ? (relays as RTCIceServer[]) : [],
      iceTransportPolicy: way === "relay" ? "relay" : "all",
    });
    if (closed) made.close();
    transport = made;
    connect(connection, made);
    // As sound travels: late is lost.
    channel = await made.produceData({ ordered: false, maxRetransmits: 0 });
    return await opens(channel);
  };

  const opened = open().catch((thrown: unknown) => {
    // Refused, or closed while it was tried: this way is not there.
    if (thrown instanceof RequestRefused || closed) return false;
    throw thrown;
  });
  // A way that nobody waited for any more must not end as an unhandled fault.
  opened.catch(() => undefined);

  return {
    opened,
    wanted: () => wanted,
    async measure() {
      if (!transport || !channel) return undefined;
      for (let sent = 0; sent < MESSAGES; sent++) {
        if (channel.readyState !== "open") return undefined;
        channel.send(new Uint8Array(160));
        await pause(SPACING_MS);
      }
      await pause(TAIL_MS);
      const { received = 0 } = await connection.request({ type: "probe-count", transportId: transport.id });
      if (received === 0) return undefined;
      return { roundTripMs: await roundTrip(transport), loss: 1 - Math.min(received, MESSAGES) / MESSAGES };
    },
    close() {
      closed = true;
      transport?.close();
    },
  };
}

function connect(connection: Connection, transport: types.Transport): void {
  transport.on("connect", ({ dtlsParameters }, done, fail) => {
    const asked = connection.request({
      type: "connect-transport",
      transportId: transport.id,
      dtlsParameters: DtlsParameters.parse(dtlsParameters),
    });
    void settle(asked, () => done(), fail);
  });
  transport.on("producedata", ({ sctpStreamParameters }, done, fail) => {
    const { streamId = 0, ordered = false, maxRetransmits = 0 } = sctpStreamParameters;
    const asked = connection.request({
      type: "probe-data",
      transportId: transport.id,
      sctpStreamParameters: { streamId, ordered, maxRetransmits },
    });
    void settle(asked, ({ dataProducerId }) => done({ id: dataProducerId ?? "" }), fail);
  });
}

function opens(channel: types.DataProducer): Promise<boolean> {
  if (channel.readyState === "open") return Promise.resolve(true);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  channel.on("open", () => resolve(true));
  channel.on("transportclose", () => resolve(false));
  return promise;
}

/** Loopback is nobody's firewall, unless there is nothing else. */
function wantedOf({ iceCandidates }: TransportParameters, ports: Wanted["ports"] | undefined): Wanted | undefined {
  const all = [...new Set(iceCandidates.map(({ address }) => address))];
  const others = all.filter((address) => !address.startsWith("127."));
  const port = iceCandidates[0]?.port;
  if (port === undefined) return undefined;
  return { addresses: others.length > 0 ? others : all, ports: ports ?? { first: port, last: port } };
}

/** The path's round trip, ms, as ICE's own checks measured it. */
async function roundTrip(transport: types.Transport): Promise<number> {
  const report = await transport.getStats();
  for (const entry of report.values() as Iterable<Record<string, unknown>>) {
    const seconds = entry["currentRoundTripTime"];
    if (entry["type"] === "candidate-pair" && entry["state"] === "succeeded" && typeof seconds === "number") {
      return Math.max(1, Math.round(seconds * 1000));
    }
  }
  return 1;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
