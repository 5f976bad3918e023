import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { freePorts } from "@verbatim/hands/net/free-port";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { SERVICE_SECRET, startEventsServer } from "../test/events-server.ts";
import { temporary } from "../test/temporary.ts";

const closing = new AsyncDisposableStack();
let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
let scribePort: number;
let assemblerPort: number;
let apiPort: number;

const run = (script: string, env: Readonly<Record<string, string>>): void => {
  const child: ChildProcess = spawn(process.execPath, [path.join(import.meta.dirname, script)], {
    env: { PATH: process.env["PATH"], API_INTERNAL_URL: `ws://127.0.0.1:${apiPort}`, SERVICE_SECRET, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = once(child, "exit");
  closing.defer(async () => {
    child.kill("SIGKILL");
    await gone;
  });
};
/** What /readyz answers, or 0 while nothing listens. */
const readyz = async (port: number): Promise<number> =>
  await fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status,
    () => 0,
  );
const both = async (): Promise<string> => `${await readyz(scribePort)} ${await readyz(assemblerPort)}`;
const become = (what: string, statuses: string): Promise<unknown> =>
  eventually(what, async () => (await both()) === statuses, 30_000);

beforeAll(async () => {
  const folder = closing.use(temporary());
  [scribePort = 0, assemblerPort = 0, apiPort = 0] = await freePorts(3);
  postgres = closing.use(await startTestPostgres());
  run("scribe-main.ts", { SPOOL_DIR: folder.path, SCRIBE_OPS_PORT: String(scribePort) });
  run("assemble-main.ts", {
    TMPDIR: folder.path,
    STORE_DIR: folder.path,
    DATABASE_URL: postgres.url,
    ASSEMBLER_OPS_PORT: String(assemblerPort),
  });
});
afterAll(() => closing.disposeAsync());

it("scribe and assembler are ready only while the api listens to them, and the assembler only with its queue", async () => {
  await become("alive, and not ready without the api", "503 503");
  const api = await startEventsServer(apiPort);
  await become("ready", "200 200");
  await api[Symbol.asyncDispose]();
  await become("not ready when the api went away", "503 503");
  await using _again = await startEventsServer(apiPort);
  await become("ready again", "200 200");
  await postgres.stop();
  await become("the queue is away, and nothing else", "200 503");
  expect((await fetch(`http://127.0.0.1:${assemblerPort}/healthz`)).status).toBe(200);
});
