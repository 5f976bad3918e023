import type { Log } from "@verbatim/hands/log";
import {
  ASSEMBLE_QUEUE,
  ASSEMBLE_QUEUE_OPTIONS,
  DEAD_QUEUE,
  PREPARE_QUEUE,
  PREPARE_QUEUE_OPTIONS,
} from "@verbatim/shared/recording/manifest";
import { PgBoss } from "pg-boss";
import type { RunJob } from "./job.ts";

export type AssembleWorker = AsyncDisposable & {
  /** Asks the database for the queue of jobs. Never fails. */
  hasQueue(): Promise<boolean>;
};

/** Takes jobs from the queue, one at a time: one assembly uses every core there is. */
export async function startWorker(options: {
  readonly databaseUrl: string;
  readonly run: RunJob;
  /** Begins or continues a master of a recording that runs; what goes wrong costs time at Stop and nothing else. */
  readonly prepare: (payload: unknown, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<AssembleWorker> {
  const { log, run, signal } = options;
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    schema: "pgboss",
    application_name: "verbatim-assembler",
    useListenNotify: true,
    schedule: false,
    max: 4,
    // Its defaults of a minute would leave a killed worker's job lying for that long.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    queueCacheIntervalSeconds: 5,
  });
  boss.on("error", (cause) => log.warn("assemble.queue_failed", { cause }));
  await boss.start();
  await makeQueue(boss);
  await boss.work(
    ASSEMBLE_QUEUE,
    {
      batchSize: 1,
      includeMetadata: true,
      perJobResults: true,
      pollingIntervalSeconds: 1,
      // With notifications on, retries and deferred jobs wait for this one, 30 s by default.
      notifyPollingIntervalSeconds: 1,
      heartbeatRefreshSeconds: 3,
    },
    async (jobs) =>
      await Promise.all(
        jobs.map(async (job) => {
          const last = job.retryCount >= job.retryLimit;
          const outcome = await run(job.data, { last }, AbortSignal.any([job.signal, signal]));
          return outcome.status === "completed"
            ? { id: job.id, status: outcome.status }
            : { id: job.id, status: outcome.status, output: { reason: outcome.reason } };
        }),
      ),
  );
  await boss.work(
    PREPARE_QUEUE,
    { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 },
    async ([job]) => {
      if (job) await options.prepare(job.data, AbortSignal.any([job.signal, signal]));
    },
  );
  return {
    hasQueue: () =>
      boss.getQueue(ASSEMBLE_QUEUE).then(
        (queue) => queue !== null,
        () => false, // Postgres is away; the queue's own errors are logged where they arise.
      ),
    async [Symbol.asyncDispose]() {
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

/** The api makes the same queues; one that was made with another heartbeat is given ours. */
async function makeQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(DEAD_QUEUE);
  await boss.createQueue(ASSEMBLE_QUEUE, ASSEMBLE_QUEUE_OPTIONS);
  await boss.updateQueue(ASSEMBLE_QUEUE, { heartbeatSeconds: ASSEMBLE_QUEUE_OPTIONS.heartbeatSeconds });
  await boss.createQueue(PREPARE_QUEUE, PREPARE_QUEUE_OPTIONS);
}
