import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, inject } from "vitest";
import * as account from "@verbatim/shared/api/account";
import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import { createDiskStore } from "@verbatim/hands/store/disk";
import { readConfig } from "../src/config.ts";
import { migrate } from "../src/database/migrate.ts";
import { type Api, startApi } from "../src/start-api.ts";
import { type Browser, createBrowser } from "./browser.ts";
import { fakeSfu } from "./fake-sfu.ts";
import { copyDatabase } from "./shared-postgres.ts";
import { until } from "./until.ts";

export const PASSWORD = "correct horse battery";
const secret = (name: string): string => name.padEnd(40, "-");
export const log = createLog("test", "error");

/** A running api on a real Postgres, with something in the media server's place. */
export async function startHarness(
  options: {
    readonly url?: string;
    readonly webDist?: string;
    readonly quiet?: boolean;
    readonly env?: Record<string, string>;
  } = {},
) {
  await using opening = new AsyncDisposableStack();
  const url = options.url ?? opening.use(await copyDatabase(inject("sharedPostgres"))).url;
  if (options.url !== undefined) await migrate({ url, log });
  const sfu = opening.use(await fakeSfu(secret("service")));
  const root = opening.adopt(await mkdtemp(path.join(tmpdir(), "verbatim-api-")), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const config = readConfig({
    STORE_DIR: root,
    DATABASE_URL: url,
    PUBLIC_URL: "http://localhost:3000",
    API_PORT: "0",
    API_INTERNAL_PORT: "0",
    WORKER_OPS_PORT: "0",
    SFU_INTERNAL_URL: sfu.url,
    SERVICE_SECRET: secret("service"),
    TICKET_SECRET: secret("ticket"),
    LINK_SECRET: secret("link"),
    AUTH_SECRET: secret("auth"),
    SETUP_CODE: "123456",
    WEB_DIST: options.webDist,
    // What a small machine carries is no limit of a test.
    MAX_CALLS: "1000",
    ...options.env,
  });
  const store = await createDiskStore({ root });
  const api = opening.use(
    await startApi({ config, log: options.quiet === true ? createLog("test", "silent") : log, store }),
  );
  const owner = opening.adopt(new pg.Pool({ connectionString: url, max: 4 }), (pool) => pool.end());
  owner.on("error", () => undefined);
  const stop = new AbortController();
  const events = opening.use(
    createEventClient({
      url: `ws://127.0.0.1:${api.internalPort}`,
      secret: secret("service"),
      from: "test",
      log,
      signal: stop.signal,
    }),
  );
  opening.defer(() => stop.abort());
  const open = opening.move();
  const base = `http://127.0.0.1:${api.port}`;
  return {
    api,
    base,
    config,
    events,
    /** As the owner, who sees every tenant's rows. */
    sql: async (text: string, values: unknown[] = []) =>
      (await owner.query(text, values)).rows as Record<string, unknown>[],
    /** For what is meant to fail loudly. */
    quiet: createLog("test", "silent"),
    serviceSecret: secret("service"),
    sfu,
    store,
    url,
    browser: (origin = config.http.publicUrl) => createBrowser(base, origin),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
export type Harness = Awaited<ReturnType<typeof startHarness>>;

export async function setUp(harness: Harness): Promise<{ browser: Browser; me: account.Me }> {
  const browser = harness.browser();
  const me = await browser.call(
    account.setup,
    {},
    {
      code: "123456",
      organisation: "Acme",
      name: "Grace Hopper",
      email: "grace@example.org",
      password: PASSWORD,
    },
  );
  return { browser, me };
}

/** A second organisation, as an operator with database access would make it. */
export async function secondTenant(harness: Harness): Promise<Browser> {
  const { createAuth } = await import("../src/accounts/auth.ts");
  const { openPool } = await import("../src/database/pool.ts");
  const pool = openPool({ url: harness.url, schema: "auth", max: 1, log });
  const auth = createAuth({ pool, secret: harness.config.secrets.auth, publicUrl: harness.config.http.publicUrl });
  const userId = await auth.signUp({ name: "Mallory", email: "mallory@example.org", password: PASSWORD });
  const tenantId = await auth.makeOrganisation("Other", userId ?? "");
  await pool.end();
  await harness.sql("insert into verbatim.tenant (id, name) values ($1, 'Other')", [tenantId]);
  const browser = harness.browser();
  await browser.call(account.signIn, {}, { email: "mallory@example.org", password: PASSWORD });
  return browser;
}

/**
 * For a whole test file: a running api, told of by its media server, with the first account signed in. Disposed after the file's last test.
 */
export async function useHarness(
  options?: Parameters<typeof startHarness>[0],
): Promise<{ readonly harness: Harness; readonly staff: Browser }> {
  const harness = await startHarness(options);
  afterAll(() => harness[Symbol.asyncDispose]());
  const { browser } = await setUp(harness);
  await until(() => harness.sfu.connected, Boolean);
  return { harness, staff: browser };
}

/** For a whole test file: another api beside the harness's, told of by the same media server. Disposed after the file's last test. */
export async function useSecondApi(harness: Harness): Promise<Api> {
  const second = await startApi({ config: harness.config, log, store: harness.store });
  afterAll(() => second[Symbol.asyncDispose]());
  await until(
    () => harness.sfu.connections,
    (n) => n === 2,
  );
  return second;
}
