import { DomainError } from "@verbatim/shared/errors";
import type { DtlsParameters, TransportParameters } from "@verbatim/shared/signal/media";
import type { MediaEngine, MediaProbe, SctpStream } from "../engine/engine.ts";

/** A probe answers within seconds or not at all. */
const PROBE_MS = 30_000;
/** UDP, TCP and a relay, and one repetition of each. */
const MOST = 6;

/** The device check's transports of one socket. */
export type ProbeDesk = {
  open(protocol: "udp" | "tcp"): Promise<{
    readonly transport: TransportParameters;
    readonly mediaPorts?: { readonly first: number; readonly last: number };
  }>;
  connect(transportId: string, dtlsParameters: DtlsParameters): Promise<void>;
  produceData(transportId: string, stream: SctpStream): Promise<string>;
  received(transportId: string): Promise<number>;
  close(): void;
};

export function createProbeDesk(engine: MediaEngine): ProbeDesk {
  const probes = new Map<string, MediaProbe>();
  const timers = new Set<NodeJS.Timeout>();
  let opened = 0;
  let closed = false;

  const probe = (transportId: string): MediaProbe => {
    const found = probes.get(transportId);
    if (!found) throw new DomainError("not_found", "transportId: no such transport, or its time is over");
    return found;
  };

  return {
    async open(protocol) {
      if (opened >= MOST) throw new DomainError("rate.limited", "No more test transports on this connection.");
      opened++;
      const made = await engine.createProbe(protocol);
      const { id } = made.parameters;
      if (closed) {
        made.close();
        throw new DomainError("state.conflict", "The connection is closed.");
      }
      probes.set(id, made);
      timers.add(
        setTimeout(() => {
          probes.delete(id);
          made.close();
        }, PROBE_MS),
      );
      return { transport: made.parameters, ...(engine.ports && { mediaPorts: engine.ports }) };
    },
    connect: async (transportId, dtlsParameters) => await probe(transportId).connect(dtlsParameters),
    produceData: async (transportId, stream) => await probe(transportId).produceData(stream),
    received: async (transportId) => await probe(transportId).received(),
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const made of probes.values()) made.close();
      probes.clear();
    },
  };
}
