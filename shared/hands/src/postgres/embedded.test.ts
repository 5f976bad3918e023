import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePorts } from "../net/free-port.ts";
import { isAlive } from "../process/alive.ts";
import { startEmbeddedPostgres, startTestPostgres } from "./embedded.ts";

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function place() {
  const dataDir = await mkdtemp(path.join(tmpdir(), "verbatim-embedded-"));
  const [port] = await freePorts(1);
  return { dataDir, port: port!, [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }) };
}

/** One cluster for the tests of restarts: making one that survives a power cut costs a second or more of disk. */
let at: Awaited<ReturnType<typeof place>>;
beforeAll(async () => {
  at = await place();
});
afterAll(() => at[Symbol.asyncDispose]());

it("is a UTF-8 server whose order of strings does not come from the machine", async () => {
  await using server = await startTestPostgres();
  const rows = await query(
    server.url,
    "select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()",
  );
  expect(rows).toEqual([{ datlocprovider: "b", datlocale: "C.UTF-8", encoding: "UTF8" }]);
});

it("leaves no process and no folder behind", async () => {
  const server = await startTestPostgres();
  const [row] = await query(server.url, "select pg_backend_pid(), current_setting('data_directory') as folder");
  await server.stop();
  await expect(stat(String(row!["folder"]))).rejects.toThrow("ENOENT");
  await expect(query(server.url, "select 1")).rejects.toThrow("ECONNREFUSED");
});

it("is gone within the time that its owner has, even when it does nothing any more", async () => {
  const server = await startEmbeddedPostgres(at);
  process.kill(server.pid, "SIGSTOP");
  const began = performance.now();
  await server.stop(200);
  expect(performance.now() - began).toBeLessThan(1_500);
  expect(isAlive({ pid: server.pid })).toBe(false);
});

it("keeps data and password over a restart, on another port too", async () => {
  const first = await startEmbeddedPostgres(at);
  await query(first.url, "create table kept as select 42 as n");
  await first.stop();
  const [port] = await freePorts(1);
  const second = await startEmbeddedPostgres({ ...at, port: port! });
  expect(await query(second.url, "select n from kept")).toEqual([{ n: 42 }]);
  await second.stop();
  expect((await stat(path.join(at.dataDir, "secrets", "postgres-password"))).mode & 0o777).toBe(0o600);
});

it("takes over from a server whose parent was killed", async () => {
  const module = new URL("./embedded.ts", import.meta.url).href;
  const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
    const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir: at.dataDir, port: at.port })});
    console.log(server.pid, server.url); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
  const [orphan, url] = line.split(" ");
  await query(url!, "create table taken_over as select 7 as n");
  parent.kill("SIGKILL");
  await once(parent, "exit");
  expect(isAlive({ pid: Number(orphan) })).toBe(true);

  const server = await startEmbeddedPostgres(at);
  const stillThere = isAlive({ pid: Number(orphan) });
  const rows = await query(server.url, "select n from taken_over").finally(() => server.stop());
  expect(stillThere).toBe(false);
  expect(rows).toEqual([{ n: 7 }]);
});

it("forgets a pid file whose process is another program by now", async () => {
  await (await startEmbeddedPostgres(at)).stop();
  const pidFile = path.join(at.dataDir, "postgres", "postmaster.pid");
  await writeFile(pidFile, `${process.pid}\n${path.join(at.dataDir, "postgres")}\n1\n${at.port}\n\n127.0.0.1\n`);
  const server = await startEmbeddedPostgres(at);
  expect(await readFile(pidFile, "utf8")).not.toMatch(new RegExp(`^${process.pid}\n`));
  await server.stop();
});

it("is not misled by what a start that was killed half-way left", async () => {
  await using at = await place();
  await mkdir(path.join(at.dataDir, "postgres.draft"));
  await writeFile(path.join(at.dataDir, "postgres.draft", "half"), "");
  const server = await startEmbeddedPostgres(at);
  const rows = await query(server.url, "select 1 as one").finally(() => server.stop());
  expect(rows).toEqual([{ one: 1 }]);
  expect((await readdir(at.dataDir)).toSorted()).toEqual(["postgres", "secrets"]);
});

it("says which port is taken", async () => {
  await using other = await startTestPostgres();
  const port = Number(new URL(other.url).port);
  await expect(startEmbeddedPostgres({ ...at, port })).rejects.toThrow(/Address already in use/);
});
