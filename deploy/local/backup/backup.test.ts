import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { createDiskStore } from "@verbatim/hands/store/disk";
import { sha256Hex } from "@verbatim/hands/store/hash";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { root } from "../places.ts";
import { createProgress } from "../progress.ts";
import { runProgram } from "../run-program.ts";
import { beforeMigrating } from "./before-migrating.ts";
import { inOrder } from "./load-database.ts";
import { type BackupOptions, makeBackup } from "./make-backup.ts";
import { assertNoHalfRestore, checkRestore, restoreBackup } from "./restore-backup.ts";
import { standing } from "./versions.ts";

const tenant = "00000000-0000-4000-8000-000000000001";
const interview = "00000000-0000-4000-8000-000000000002";
const recording = "00000000-0000-4000-8000-000000000003";
const run = "00000000-0000-4000-8000-000000000004";
const key = `recordings/${tenant}/${interview}/mix/${run}/mix/00000000.wav`;
const sound = Buffer.from("every word\tof\\it\n");

let first: Awaited<ReturnType<typeof startTestPostgres>>;
let second: typeof first;
let folder: string;
const { signal } = new AbortController();
const closing = new AsyncDisposableStack();

const migrate = (url: string, until?: string): Promise<string> =>
  runProgram({
    command: process.execPath,
    args: [path.join(root, "api/src/migrate-main.ts"), ...(until === undefined ? [] : ["--until", until])],
    env: { ...process.env, DATABASE_URL: url },
    failure: "migrations failed",
  });
async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(text);
  await client.end();
  return rows;
}
const at = (...names: string[]): string => path.join(folder, ...names);
const options = (over: Partial<BackupOptions> = {}): BackupOptions => ({
  target: at("backup"),
  databaseUrl: first.url,
  store: { kind: "disk", root: at("store") },
  objects: "copied",
  spoolDir: at("spool"),
  secretsDir: at("secrets"),
  secrets: { SERVICE_SECRET: "s".repeat(40) },
  now: new Date(0),
  say: () => undefined,
  signal,
  ...over,
});
const restore = (over: { databaseUrl?: string; signal?: AbortSignal } = {}) =>
  restoreBackup({
    source: at("backup"),
    dataDir: at("new"),
    databaseUrl: second.url,
    migrateTo: async (name) => void (await migrate(second.url, name)),
    store: { kind: "disk", root: at("new", "store") },
    spoolDir: at("new", "spool"),
    say: () => undefined,
    signal,
    ...over,
  });

beforeAll(async () => {
  [first, second] = await Promise.all([startTestPostgres(), startTestPostgres()]);
  closing.use(first);
  closing.use(second);
  await migrate(first.url);
  await ask(
    first.url,
    `insert into verbatim.tenant (id, name) values ('${tenant}', 'Acme\\tand\\\\Sons');
     insert into verbatim.interview (tenant_id, id, title, candidate_name, starts_at, zone, duration_minutes, language, auto_start, created_by, host_name, organisation)
       values ('${tenant}', '${interview}', E'Two\\nlines', 'Ada', now(), 'Europe/Vienna', 45, 'en', true, 'x', 'Anna', 'Acme');
     insert into verbatim.audit (tenant_id, interview_id, actor, action) values ('${tenant}', '${interview}', 'a', 'one'), ('${tenant}', '${interview}', 'a', 'two');
     insert into verbatim.recording (tenant_id, id, interview_id, part) values ('${tenant}', '${recording}', '${interview}', 1);
     insert into verbatim.chunk (tenant_id, key, interview_id, recording_id, media_type, run_id, track, seq, start_samples, end_samples, bytes, sha256, source, gaps)
       values ('${tenant}', '${key}', '${interview}', '${recording}', 'mix', '${run}', 'mix', 0, 0, 1, ${sound.length}, '${sha256Hex(sound)}', 'live', '[]')`,
  );
});
afterAll(() => closing.disposeAsync());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-backup-"));
  await Promise.all(["secrets", "new", "spool/capture-1/run"].map((name) => mkdir(at(name), { recursive: true })));
  const store = await createDiskStore({ root: at("store") });
  await store.put(key, sound, { sha256: sha256Hex(sound), contentType: "audio/wav" });
  await store.put("recordings/later.wav", sound, { sha256: sha256Hex(sound), contentType: "audio/wav" });
  await writeFile(at("spool/capture-1/run/control.spool"), "header");
  await writeFile(at("spool/capture-1/run/ship.log"), "noted\n");
  await writeFile(at("secrets/postgres-password"), "of this cluster");
  await writeFile(at("secrets/setup-code"), "ABCD");
  await ask(
    second.url,
    `drop schema if exists verbatim, auth, pgboss cascade; drop table if exists public.verbatim_migration, public.verbatim_restoring`,
  );
  return () => rm(folder, { recursive: true, force: true });
});

describe("a backup", () => {
  it("brings every row, the named objects, the spool and the secrets to another machine", async () => {
    const contents = await makeBackup(options());
    expect(contents.store).toMatchObject({ kind: "copied", objects: 1, faulty: [] });
    expect((await restore()).missing).toEqual([]);
    for (const table of ["tenant", "interview", "audit", "recording", "chunk"]) {
      const select = `select * from verbatim.${table} order by 1, 2`;
      expect(await ask(second.url, select), table).toEqual(await ask(first.url, select));
    }
    expect(await readFile(at("new/store", key))).toEqual(sound);
    expect(await readdir(at("new/store/recordings"))).toEqual([tenant]);
    expect(await readFile(at("new/spool/capture-1/run/ship.log"), "utf8")).toBe("noted\n");
    expect((await readdir(at("new/secrets"))).toSorted()).toEqual(["service-secret", "setup-code"]);
    const next = `insert into verbatim.audit (tenant_id, actor, action) values ('${tenant}', 'a', 'three') returning id::int`;
    expect(await ask(second.url, next), "sequences go on").toEqual([{ id: 3 }]);
    const forced = "select count(*)::int from pg_class where relforcerowsecurity";
    expect(await ask(second.url, forced), "row security is back").toEqual(await ask(first.url, forced));
    await assertNoHalfRestore(at("new"));
  });

  it("interrupted, leaves nothing that looks whole", async () => {
    const stop = new AbortController();
    const interrupted = makeBackup(
      options({
        store: { kind: "disk", root: at("store") },
        signal: AbortSignal.any([stop.signal, AbortSignal.abort(new Error("Ctrl-C"))]),
      }),
    );
    await expect(interrupted).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.startsWith("backup"))).toEqual([]);
    // As kill -9 leaves it: the next backup takes it away.
    await mkdir(at("backup.unfinished-12345678"));
    await makeBackup(options());
    expect((await readdir(folder)).filter((name) => name.startsWith("backup"))).toEqual(["backup"]);
    expect(await readdir(at("spool"))).toEqual(["capture-1"]);
  });

  it("names objects that are gone or damaged, and keeps all others", async () => {
    await writeFile(at("store", key), "something else");
    expect((await makeBackup(options())).store.faulty).toEqual([key]);
    expect((await restore()).missing).toEqual([key]);
  });

  it("of a bucket is a list, and a restore says what the bucket lacks", async () => {
    const contents = await makeBackup(options({ objects: "listed" }));
    expect(contents.store).toMatchObject({ kind: "listed", objects: 1, faulty: [] });
    expect((await restore()).missing).toEqual([key]);
  });
});

describe("a restore", () => {
  it("refuses a folder that is no whole backup, a place that is taken, and a file that was changed", async () => {
    const check = () => checkRestore({ source: at("backup"), dataDir: at("new"), spoolDir: at("new", "spool") });
    await expect(check()).rejects.toThrow("no whole backup");
    await mkdir(at("backup/backup.json"), { recursive: true });
    await expect(check(), "what is there and cannot be read").rejects.toThrow("cannot be read: EISDIR");
    await rm(at("backup"), { recursive: true });
    await makeBackup(options());
    await mkdir(at("new/secrets"));
    await writeFile(at("new/secrets/auth-secret"), "x");
    await expect(check()).rejects.toThrow("not empty");
    await rm(at("new/secrets"), { recursive: true });
    await check();
    await writeFile(at("backup/database/verbatim.tenant.copy"), "x");
    await expect(restore()).rejects.toThrow("hash differs");
    await expect(assertNoHalfRestore(at("new")), "a start refuses what is half there").rejects.toThrow("Run it again");
  });

  it("interrupted, is finished by running it again; another database is never emptied for it", async () => {
    await makeBackup(options());
    await expect(restore({ signal: AbortSignal.abort() })).rejects.toThrow();
    await expect(restore({ databaseUrl: first.url })).rejects.toThrow("holds a Verbatim already");
    expect((await restore()).missing).toEqual([]);
    expect(await ask(second.url, "select title from verbatim.interview")).toEqual([{ title: "Two\nlines" }]);
  });
});

describe("another version's program", () => {
  const start = () =>
    beforeMigrating({
      env: { SPOOL_DIR: at("spool"), STORE_DIR: at("store") },
      dataDir: at("new"),
      databaseUrl: first.url,
      progress: createProgress(0, () => undefined),
    });

  it("that is newer backs the database up before it changes it, and one of the same version does not", async () => {
    await start();
    await expect(readdir(at("new/backups"))).rejects.toThrow();
    const [last] = await ask<{ name: string }>(
      first.url,
      "delete from public.verbatim_migration where id = (select max(id) from public.verbatim_migration) returning name",
    );
    try {
      await start();
      const [made, ...more] = await readdir(at("new/backups"));
      expect([made, more]).toEqual([expect.stringContaining(`-before-${last!.name}`), []]);
      expect(await readdir(at("new/backups", made!))).toContain("backup.json");
    } finally {
      await ask(first.url, `insert into public.verbatim_migration (name, run_on) values ('${last!.name}', now())`);
    }
  });

  it("that is older refuses and says so, in the starter and in the migration itself", async () => {
    await ask(first.url, "insert into public.verbatim_migration (name, run_on) values ('9999_future', now())");
    try {
      await expect(start()).rejects.toThrow(/newer Verbatim \(9999_future\).*nothing was touched/);
      await expect(migrate(first.url)).rejects.toThrow("9999_future");
    } finally {
      await ask(first.url, "delete from public.verbatim_migration where name = '9999_future'");
    }
  });

  it.each([
    [[], ["a"], "empty"],
    [["a"], ["a"], "same"],
    [["a"], ["a", "b"], "older"],
    [["a", "b"], ["a"], "newer"],
  ])("database %j, program %j: %s", (applied, known, type) => {
    expect(standing(applied, known).type).toBe(type);
  });
});

it("tables come after those that their rows refer to", () => {
  const table = (name: string) => ({
    schema: "s",
    name,
    columns: [],
    rows: 0,
    file: { path: "x", bytes: 0, sha256: "0".repeat(64) },
  });
  const parents = new Map([
    ['"s"."a"', new Set(['"s"."b"', '"s"."a"'])],
    ['"s"."b"', new Set(['"s"."c"'])],
  ]);
  expect(inOrder(["a", "b", "c"].map(table), parents).map(({ name }) => name)).toEqual(["c", "b", "a"]);
});
