import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@verbatim/hands/log";
import { createWorker, type types } from "mediasoup";
import { mediaCodecs } from "./codecs.ts";

/** A worker process with its one media port. `died` settles when it is gone, whoever ended it. */
export type Worker = {
  readonly pid: number;
  readonly server: types.WebRtcServer;
  readonly died: Promise<void>;
  readonly alive: boolean;
  readonly rooms: number;
  createRouter(onLost: () => void): Promise<types.Router>;
  /** A router for transports without a room; it speaks what rooms speak. */
  probeRouter(): Promise<types.Router>;
  close(): void;
};

/** A worker that does not answer within this, three times in a row, is stuck: it holds its rooms without serving them. */
export const liveness = { everyMs: 1_000, answerMs: 1_000, misses: 3 } as const;

/**
 * Room for a stall of the worker: all its calls come by one socket, and Firefox does not send lost sound again. By itself
 * the kernel holds 92 packets of a picture (measured), a quarter of a second of one call; with this 3,640. The system's
 * limit (net.core.rmem_max) may give less: at its usual 208 kB, twice as much as without.
 */
const RECEIVE_BYTES = 4 * 1024 * 1024;

/** IPv4, and IPv6 on a machine that has it: its kernel may be without. What each announces says only of which family it is. */
const families = (interfaces: ReturnType<typeof networkInterfaces>) => [
  { ip: "0.0.0.0", announcedAddress: "127.0.0.1" },
  ...(Object.values(interfaces).some((infos) => infos?.some(({ family }) => family === "IPv6"))
    ? [{ ip: "::", announcedAddress: "::1", flags: { ipv6Only: true } }]
    : []),
];

export async function startWorker(options: { readonly port: number; readonly log: Log }): Promise<Worker> {
  const worker = await createWorker({ logLevel: "error" });
  const log = options.log.with({ worker: worker.pid });
  let closed = false;
  const died = new Promise<void>((resolve) => {
    worker.once("died", (cause) => {
      if (!closed) log.error("worker.died", { cause });
      resolve();
    });
  });
  try {
    const server = await worker.createWebRtcServer({
      listenInfos: families(networkInterfaces()).flatMap((family) =>
        (["udp", "tcp"] as const).map((protocol) => ({
          protocol,
          ...family,
          ...(options.port === 0 ? {} : { port: options.port }),
          ...(protocol === "udp" ? { recvBufferSize: RECEIVE_BYTES } : {}),
        })),
      ),
    });
    const routers = new Set<types.Router>();
    let probes: Promise<types.Router> | undefined;
    const watching = new AbortController();
    const watched = watch(worker, log, watching.signal);
    void died.then(() => watching.abort());
    return {
      pid: worker.pid,
      server,
      died,
      get alive() {
        return !worker.closed;
      },
      get rooms() {
        return routers.size;
      },
      async createRouter(onLost) {
        const router = await worker.createRouter({ mediaCodecs });
        routers.add(router);
        router.observer.once("close", () => routers.delete(router));
        router.once("workerclose", onLost);
        return router;
      },
      async probeRouter() {
        probes ??= worker.createRouter({ mediaCodecs });
        return await probes;
      },
      close() {
        closed = true;
        watching.abort();
        void watched;
        worker.close();
      },
    };
  } catch (thrown) {
    closed = true;
    worker.close();
    throw thrown;
  }
}

/** Ends a worker that lives without answering, which looks like silence to everybody in its rooms. */
async function watch(worker: types.Worker, log: Log, signal: AbortSignal): Promise<void> {
  let misses = 0;
  while (!signal.aborted) {
    await delay(liveness.everyMs, undefined, { signal }).catch(ignoreAbort);
    if (signal.aborted) return;
    misses = (await answers(worker)) ? 0 : misses + 1;
    if (misses < liveness.misses || signal.aborted) continue;
    log.error("worker.stuck", { misses });
    process.kill(worker.pid, "SIGKILL");
    return;
  }
}

async function answers(worker: types.Worker): Promise<boolean> {
  const late = new AbortController();
  const timeout = delay(liveness.answerMs, false, { signal: late.signal }).catch(() => false); // Aborted: it answered.
  const answer = worker.getResourceUsage().then(
    () => true,
    () => true, // A closed worker rejects; its death is reported elsewhere.
  );
  const answered = await Promise.race([answer, timeout]);
  late.abort();
  return answered;
}

function ignoreAbort(thrown: unknown): void {
  if (!(thrown instanceof Error && thrown.name === "AbortError")) throw thrown;
}
