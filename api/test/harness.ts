import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { z } from "zod";
import * as account from "@verbatim/shared/api/account";
import type { Contract } from "@verbatim/shared/api/contract";
import { createInterview, type Interview, joinByAccount } from "@verbatim/shared/api/interviews";
import * as call from "@verbatim/shared/api/call";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { InterviewId, Role, SeatId, TenantId } from "@verbatim/shared/ids";
import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { createDiskStore } from "@verbatim/hands/store/disk";
import { readConfig } from "../src/config.ts";
import { migrate } from "../src/database/migrate.ts";
import { startApi } from "../src/start-api.ts";
import { fakeSfu } from "./fake-sfu.ts";

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
  const postgres = options.url === undefined ? opening.use(await startTestPostgres()) : undefined;
  const url = options.url ?? postgres?.url ?? "";
  await migrate({ url, log });
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

export type Answer<Reply> = { readonly status: number; readonly body: Reply; readonly headers: Headers };
type Params = Readonly<Record<string, string>>;

/** Keeps cookies, sends an Origin, and parses replies, as a browser with our pages does. */
export function createBrowser(base: string, origin: string) {
  const cookies = new Map<string, string>();
  const raw = async (
    path: string,
    init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(base + path, { ...init, headers: { origin, cookie, ...init.headers } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const send = async (contract: Contract, params: Params, body: unknown): Promise<Answer<unknown>> => {
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? "");
    const response = await raw(path, {
      method: contract.method,
      ...(contract.method === "GET"
        ? {}
        : { body: JSON.stringify(body ?? {}), headers: { "content-type": "application/json" } }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  return {
    cookies,
    raw,
    /** Whatever it answers. */
    try: send,
    /** Fails the test unless it worked. */
    async call<Body extends z.ZodType, Reply extends z.ZodType>(
      contract: Contract<Body, Reply>,
      params: Params = {},
      body?: z.input<Body>,
    ): Promise<z.output<Reply>> {
      const answer = await send(contract, params, body);
      if (answer.status !== 200) throw new Error(`${contract.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return contract.reply.parse(answer.body);
    },
  };
}
export type Browser = ReturnType<typeof createBrowser>;

export const draft = {
  title: "Backend engineer",
  candidateName: "Ada Lovelace",
  startsAt: new Date(Date.now() + 3_600_000).toISOString(),
  zone: "Europe/Vienna",
  durationMinutes: 60,
  language: "en",
  autoStart: false,
} as const;

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

export type Person = {
  readonly browser: Browser;
  readonly interviewId: InterviewId;
  readonly role: Role;
  readonly seatId: SeatId;
};

/** Opens an invitation in a browser of its own, gives a name, and accepts the notice where one is shown. */
export async function comeIn(harness: Harness, interview: Interview, role: Role, name?: string): Promise<Person> {
  const browser = harness.browser();
  const token = interview.links.find((link) => link.role === role)?.url.split("#")[1] ?? "";
  const { interviewId } = await browser.call(call.openLink, {}, { token });
  const params = { interviewId, role };
  if (name !== undefined) await browser.call(call.giveName, params, { name });
  const entry = await browser.call(call.getEntry, params);
  if (entry.consented === null && role !== "observer") {
    await browser.call(call.giveConsent, params, { version: entry.notice.version, accepted: true });
  }
  return { browser, interviewId, role, seatId: entry.seatId };
}

/** An interview with its host, candidate and observers in their seats. */
export async function scene(
  harness: Harness,
  staff: Browser,
  options: { observers?: number; autoStart?: boolean; recordPicture?: boolean } = {},
) {
  const { observers: _, ...settings } = options;
  const interview = await staff.call(createInterview, {}, { ...draft, ...settings });
  const { seatId } = await staff.call(joinByAccount, { interviewId: interview.id }, { role: "interviewer" });
  const host: Person = { browser: staff, interviewId: interview.id, role: "interviewer", seatId };
  const { notice } = await staff.call(call.getEntry, paramsOf(host));
  await staff.call(call.giveConsent, paramsOf(host), { version: notice.version, accepted: true });
  const candidate = await comeIn(harness, interview, "candidate");
  const observers: Person[] = [];
  for (let n = 1; n <= (options.observers ?? 0); n++) {
    observers.push(await comeIn(harness, interview, "observer", `Observer ${n}`));
  }
  const [row] = await harness.sql("select tenant_id from verbatim.interview where id = $1", [interview.id]);
  return {
    interview,
    host,
    candidate,
    observers,
    at: { tenantId: row?.["tenant_id"] as TenantId, interviewId: interview.id },
  };
}

export const paramsOf = (person: Person): Params => ({ interviewId: person.interviewId, role: person.role });

export function participant(person: Person, change: Partial<Participant> = {}): Participant {
  return {
    seatId: person.seatId,
    role: person.role,
    name: person.role,
    presence: "here",
    microphone: "on",
    camera: false,
    screen: false,
    quality: "good",
    consented: true,
    ...change,
  };
}

/** These people are in the call, as everybody sees; who is not named is not. Resolves when our rows have it. */
export async function gather(harness: Harness, people: readonly Person[]): Promise<void> {
  const interviewId = people[0]?.interviewId ?? "";
  const [row] = await harness.sql("select tenant_id from verbatim.interview where id = $1", [interviewId]);
  await until(() => harness.sfu.connected, Boolean);
  const at = { tenantId: row?.["tenant_id"] as TenantId, interviewId: interviewId as InterviewId };
  const told = people.map((person) => participant(person));
  harness.sfu.room(at, told);
  const stored = "select participants as told from verbatim.interview where id = $1";
  const seats = (list: unknown) => (list as Participant[]).map(({ seatId }) => seatId).join();
  await until(
    async () => (await harness.sql(stored, [interviewId]))[0]?.["told"],
    (list) => seats(list) === seats(told),
  );
}

/** Makes Postgres refuse every update of one column, and counts them, until it is disposed. */
export async function refusing(harness: Harness, table: string, column: string) {
  await harness.sql(`
    create sequence verbatim.refused; grant usage on sequence verbatim.refused to verbatim_app;
    create function verbatim.refuse() returns trigger language plpgsql as $$
      begin perform nextval('verbatim.refused'); raise exception 'refused by the test'; end $$;
    create trigger refuse before update of ${column} on verbatim.${table} for each row execute function verbatim.refuse()`);
  return {
    /** A sequence does not roll back with the refused transaction. */
    count: async () =>
      Number(
        (await harness.sql("select case when is_called then last_value else 0 end as n from verbatim.refused"))[0]![
          "n"
        ],
      ),
    async [Symbol.asyncDispose]() {
      await harness.sql(
        `drop trigger refuse on verbatim.${table}; drop function verbatim.refuse(); drop sequence verbatim.refused`,
      );
    },
  };
}

/** Waits until something becomes true; what it was last is in the failure. */
export async function until<Value>(
  look: () => Promise<Value> | Value,
  good: (value: Value) => boolean,
  ms = 30_000,
): Promise<Value> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (performance.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
