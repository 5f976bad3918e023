import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { createLog } from "@verbatim/hands/log";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { migrate } from "../src/database/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the owner's URL of the run's PostgreSQL, which it starts for the first who asks. */
    readonly sharedPostgres: string;
  }
}

/**
 * One PostgreSQL for all files of a run: to make a cluster and migrate it took 7 to 12 times as long as to copy a migrated
 * database (n=3, on a busy machine). Called by vitest, before the first file and after the last.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: ReturnType<typeof startMigrated> | undefined;
  const server = createServer((_, response) => {
    started ??= startMigrated();
    started.then(
      ({ url }) => response.end(url),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  project.provide("sharedPostgres", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await (await started)?.stop();
  };
}

async function startMigrated(): ReturnType<typeof startTestPostgres> {
  const postgres = await startTestPostgres();
  await migrate({ url: postgres.url, log: createLog("test", "error") });
  return postgres;
}

/** A migrated, empty database of one's own. */
export async function copyDatabase(sharedPostgres: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const answer = await fetch(sharedPostgres);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  const url = new URL(text);
  const migrated = url.pathname.slice(1);
  const name = `test_${randomBytes(8).toString("hex")}`;
  url.pathname = name;
  // Nobody may be in the database that is copied.
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: text.replace(/\/\w+$/, "/template1") });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name} template ${migrated}`);
  return { url: url.href, [Symbol.asyncDispose]: () => run(`drop database ${name} with (force)`) };
}
