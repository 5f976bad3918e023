import { runCommand } from "./command.ts";
import { assertInstallation, ownDatabase } from "./own-database.ts";
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
  assertInstallation(dataDir, env);
  await using database = await ownDatabase({ env, dataDir, ports, command: "npm run admin" });
  const own = await secrets(dataDir, env);
  const script = ownerScript(
    {
      // Links lead to where the running one is reached, unless the environment says otherwise.
      env: {
        ...(database.runningAt ? { PUBLIC_URL: database.runningAt } : {}),
        ...env,
        ...own,
        DATABASE_URL: database.url,
      },
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
