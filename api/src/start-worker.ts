import { PgBoss } from "pg-boss";
import type { Log } from "@verbatim/hands/log";
import { startOps } from "@verbatim/hands/ops";
import type { Store } from "@verbatim/hands/store/store";
import { createAssembling } from "./assembling/assembling.ts";
import type { Config } from "./config.ts";
import { upkeep } from "./control/upkeep.ts";
import { buryAssembly } from "./assembling/bury.ts";
import { DEAD_QUEUE } from "@verbatim/shared/recording/manifest";
import { openDatabase } from "./database/database.ts";

const TICK_MS = 1_000;

/** What must happen though nobody asks: closing, finding orphans, ordering assemblies; and watching over the queues. */
export async function startWorker(deps: {
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly nowMs?: () => number;
}): Promise<AsyncDisposable & { readonly port: number }> {
  const { config, log, store } = deps;
  const nowMs = deps.nowMs ?? Date.now;
  await using opening = new AsyncDisposableStack();
  const database = opening.use(openDatabase({ url: config.database.url, log, max: 5 }));
  const jobs = new PgBoss({
    connectionString: config.database.url,
    schema: "pgboss",
    application_name: "verbatim",
    max: 3,
    migrate: false,
    // A worker that died is noticed within its heartbeat and this.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    schedule: false,
  });
  jobs.on("error", (cause) => log.warn("jobs.failed", { cause }));
  await jobs.start();
  opening.adopt(jobs, (boss) => boss.stop({ graceful: false }));
  await jobs.work(DEAD_QUEUE, { pollingIntervalSeconds: 5 }, async (dead) => {
    for (const { data } of dead) await buryAssembly(database, data, log);
  });
  const assembling = createAssembling({ database, store, jobs, secret: config.secrets.service, log });

  const tick = async (): Promise<void> => {
    const tenants = await database.system((trx) => trx.selectFrom("tenant").select("id").execute());
    for (const { id } of tenants) {
      await upkeep({ database, log, closeAfterEmptyMs: config.recording.closeAfterEmptyMs, nowMs }, id);
      await assembling.sweep(id);
    }
  };
  let ticking: Promise<void> | undefined;
  const timer = setInterval(() => {
    ticking ??= tick()
      .catch((cause: unknown) => log.warn("worker.tick_failed", { cause }))
      .finally(() => (ticking = undefined));
  }, TICK_MS);
  opening.defer(async () => {
    clearInterval(timer);
    await ticking;
  });
  const ops = opening.use(
    await startOps({
      port: config.http.workerOpsPort,
      log,
      ready: database.answers,
    }),
  );
  const open = opening.move();
  return { port: ops.port, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
