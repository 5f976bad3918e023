import { mkdir } from "node:fs/promises";
import path from "node:path";
import { readEnv } from "@verbatim/hands/config";
import { storeEnv } from "@verbatim/hands/store/open";
import { checkRestore, restoreBackup } from "./backup/restore-backup.ts";
import { runCommand } from "./command.ts";
import { migrate } from "./database.ts";
import { ownDatabase } from "./own-database.ts";
import { dataDir as placeOfData } from "./places.ts";
import { portsFromEnv } from "./ports.ts";

/** `npm run restore -- DIR`: a backup into an empty DATA_DIR (or DATABASE_URL and bucket), which `npm start` then runs. */
await runCommand(async ({ progress, signal }) => {
  const [source, ...more] = process.argv.slice(2);
  if (source === undefined || more.length > 0) {
    console.error("Usage: npm run restore -- DIR\n  DIR was made by npm run backup; DATA_DIR must be empty.");
    return 2;
  }
  const env = process.env;
  const dataDir = placeOfData(env);
  const ports = portsFromEnv(env);
  const spoolDir = env["SPOOL_DIR"] || path.join(dataDir, "spool");
  await checkRestore({ source, dataDir, spoolDir });
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  await using database = await ownDatabase({ env, dataDir, ports, command: "npm run restore" });
  const settings = {
    env: { ...env, DATABASE_URL: database.url },
    dataDir,
    ports,
    workerBin: "",
    mediaWorkers: 1,
    offlineSpeech: false,
  };
  const { contents, missing } = await progress.step(`Restoring ${source} into ${dataDir}`, () =>
    restoreBackup({
      source,
      dataDir,
      spoolDir,
      databaseUrl: database.url,
      migrateTo: (name) => migrate(settings, signal, name),
      store: readEnv(storeEnv, { ...env, DATA_DIR: dataDir }).store,
      say: progress.say,
      signal,
    }),
  );
  console.log(`\nRestored as it was at ${contents.madeAt}. Start it with npm start.\n`);
  if (missing.length === 0) return 0;
  console.error(`${missing.length} objects of recordings could not be had:`);
  for (const key of missing.slice(0, 20)) console.error(`  ${key}`);
  return 1;
});
