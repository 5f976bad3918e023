import { PgBoss } from "pg-boss";
import type { Log } from "@verbatim/hands/log";

/** Sends jobs only; the worker process watches over the queues. */
export async function startJobs(url: string, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    schema: "pgboss",
    application_name: "verbatim",
    max: 2,
    supervise: false,
    schedule: false,
    migrate: false,
  });
  boss.on("error", (cause) => log.warn("jobs.failed", { cause }));
  await boss.start();
  return boss;
}
