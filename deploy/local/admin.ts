import { runningEmbeddedUrl } from "@verbatim/hands/postgres/embedded";
import { claimDataDir, holderOf } from "./claim.ts";
import { runCommand } from "./command.ts";
import { type Database, startDatabase } from "./database.ts";
import { dataDir as placeOfData } from "./places.ts";
import { portsFromEnv } from "./ports.ts";
import { ownerScript } from "./processes.ts";
import { secrets } from "./secrets.ts";
import { showProgram } from "./show-program.ts";

/** `npm run admin -- link EMAIL`: the api's own commands, with the database of this DATA_DIR, running or not. */
await runCommand(async ({ signal }) => {
  const env = process.env;
  const dataDir = placeOfData(env);
  const ports = portsFromEnv(env);
  const holder = await holderOf(dataDir);
  const running = await runningEmbeddedUrl(dataDir);
  await using owned = new AsyncDisposableStack();
  const url = env["DATABASE_URL"] || running;
  // Ours for the moment of the command: a start at the same time has to wait its turn.
  if (!url) owned.use(await claimDataDir(dataDir, "npm run admin"));
  const database = owned.adopt(
    url ? { url, stop: () => Promise.resolve() } : await startDatabase({ env, dataDir, ports, say: console.error }),
    (server: Database) => server.stop(),
  );
  const own = await secrets(dataDir, env);
  const script = ownerScript(
    {
      // Links lead to where the running one is reached, unless the environment says otherwise.
      env: { ...(holder ? { PUBLIC_URL: holder.url } : {}), ...env, ...own, DATABASE_URL: database.url },
      dataDir,
      ports,
      workerBin: "",
      mediaWorkers: 1,
      offlineSpeech: false,
    },
    "api/src/admin-main.ts",
  );
  return await showProgram(script.command, [...script.args, ...process.argv.slice(2)], { ...script, signal });
});
