import { setTimeout as delay } from "node:timers/promises";
import { aborted } from "@verbatim/hands/lifecycle";
import type { Log } from "@verbatim/hands/log";
import { DomainError } from "@verbatim/shared/errors";
import { setLogEventListeners } from "mediasoup";
import type { MediaEngine } from "../engine.ts";
import { createMediasoupProbe } from "./probe.ts";
import { type Announcing, createMediasoupRoom, spokenBy } from "./room.ts";
import { tapPorts } from "./tap.ts";
import { startWorker, type Worker } from "./worker.ts";

/** `addresses` are best first. */
export type MediasoupOptions = Announcing & {
  readonly workers: number;
  /** First media port, one per worker, UDP and TCP; 0 lets each worker choose. */
  readonly port: number;
  readonly log: Log;
};

/** How often a worker that cannot start is tried again, in ms; the last one for ever. */
const RESTART_MS = [0, 100, 250, 500, 1_000, 2_000];

/** One mediasoup worker per core, each replaced as soon as it dies. Throws when a worker cannot start at all. */
export async function createMediasoupEngine(options: MediasoupOptions): Promise<MediaEngine> {
  const { log } = options;
  setLogEventListeners({
    onwarn: (namespace, text) => log.debug("mediasoup.warned", { namespace, text }),
    onerror: (namespace, text, cause) => log.warn("mediasoup.failed", { namespace, text, cause }),
  });
  const portsOfTaps = tapPorts(options.port, options.workers);
  const slots: Slot[] = [];
  const closing = new AbortController();
  const dispose = async (): Promise<void> => {
    closing.abort();
    for (const slot of slots) slot.worker?.close();
    await Promise.all(slots.map((slot) => slot.kept));
  };
  try {
    for (let index = 0; index < options.workers; index++) {
      const port = options.port === 0 ? 0 : options.port + index;
      slots.push(openSlot(await startWorker({ port, log: options.log }), port, options.log, closing.signal));
    }
  } catch (thrown) {
    await dispose();
    throw thrown;
  }

  // Rooms hear of a death before its slot does, and ask for another worker in the same breath.
  const living = (): Worker[] => slots.flatMap(({ worker }) => (worker?.alive ? worker : []));

  /** The living worker with the fewest rooms; waits for one while all are being replaced. */
  const pick = async (): Promise<Worker> => {
    for (;;) {
      if (closing.signal.aborted) throw new DomainError("server.draining", "The server is going away.");
      const [best] = living().toSorted((a, b) => a.rooms - b.rooms);
      if (best) return best;
      await Promise.race([...slots.map((slot) => slot.back()), aborted(closing.signal)]);
    }
  };

  return {
    get ready() {
      return living().length === slots.length;
    },
    ports: options.port === 0 ? undefined : { first: options.port, last: options.port + options.workers - 1 },
    workers: () => living().map(({ pid, rooms }) => ({ pid, rooms })),
    async createRoom(events) {
      return await createMediasoupRoom(await pick(), events, options, portsOfTaps);
    },
    async rtpCapabilities() {
      return spokenBy(await (await pick()).probeRouter());
    },
    async createProbe(protocol) {
      const worker = await pick();
      return await createMediasoupProbe(await worker.probeRouter(), worker.server, protocol, options);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** A place for one worker: empty while a dead one is being replaced. */
type Slot = { worker: Worker | undefined; kept: Promise<void>; back(): Promise<void> };

function openSlot(first: Worker, port: number, log: Log, closing: AbortSignal): Slot {
  let returned = Promise.withResolvers<void>();
  const slot: Slot = { worker: first, kept: Promise.resolve(), back: () => returned.promise };
  const keep = async (): Promise<void> => {
    let worker = first;
    while (!closing.aborted) {
      await Promise.race([worker.died, aborted(closing)]);
      if (closing.aborted) return;
      slot.worker = undefined;
      const next = await restart(port, log, closing);
      worker = next ?? worker;
      slot.worker = next;
      returned.resolve();
      if (!next) return;
      returned = Promise.withResolvers<void>();
      log.info("worker.replaced", { worker: next.pid });
    }
  };
  slot.kept = keep();
  return slot;
}

async function restart(port: number, log: Log, closing: AbortSignal): Promise<Worker | undefined> {
  for (let attempt = 0; !closing.aborted; attempt++) {
    await delay(RESTART_MS[Math.min(attempt, RESTART_MS.length - 1)]);
    if (closing.aborted) return undefined;
    try {
      const worker = await startWorker({ port, log });
      if (!closing.aborted) return worker;
      worker.close();
    } catch (cause) {
      // The port may still be held by the dead process for a moment; anything else is worth the operators' eyes too.
      log.warn("worker.restart_failed", { attempt, cause });
    }
  }
  return undefined;
}
