import { parseArgs } from "node:util";
import { storeEnv } from "@verbatim/hands/store/open";
import { readEnv } from "@verbatim/hands/config";
import { backupOf } from "./backup/of-installation.ts";
import { runCommand } from "./command.ts";
import { assertInstallation, ownDatabase } from "./own-database.ts";
import { dataDir as placeOfData } from "./places.ts";
import { portsFromEnv } from "./ports.ts";

/**
 * `npm run backup -- DIR [--with-store | --without-store]`: database, spool, secrets and store, while interviews run.
 * Objects of a disk store are copied, those of a bucket listed, unless told otherwise.
 */
await runCommand(async ({ progress, signal }) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { "with-store": { type: "boolean" }, "without-store": { type: "boolean" } },
  });
  const [target] = positionals;
  if (target === undefined || positionals.length > 1) {
    console.error("Usage: npm run backup -- DIR [--with-store | --without-store]\n  DIR is made; it must not exist.");
    return 2;
  }
  const env = process.env;
  const dataDir = placeOfData(env);
  assertInstallation(dataDir, env);
  await using database = await ownDatabase({ env, dataDir, ports: portsFromEnv(env), command: "npm run backup" });
  const { store } = readEnv(storeEnv, { ...env, DATA_DIR: dataDir });
  const copied = values["with-store"] || (store.kind === "disk" && !values["without-store"]);
  const contents = await progress.step(`Backing ${dataDir} up into ${target}`, () =>
    backupOf({
      env,
      dataDir,
      target,
      databaseUrl: database.url,
      objects: copied ? "copied" : "listed",
      say: progress.say,
      signal,
    }),
  );
  const rows = contents.tables.reduce((sum, table) => sum + table.rows, 0);
  const { objects, faulty } = contents.store;
  console.log(
    `\n${rows} rows, ${objects} objects ${copied ? "copied" : "listed, which stay where they are"}: ${target}`,
  );
  console.log("It holds recordings and the secrets of this installation: keep it where nobody else reads it.\n");
  if (faulty.length === 0) return 0;
  console.error(`${faulty.length} objects that the database names could not be had, or are damaged:`);
  for (const key of faulty.slice(0, 20)) console.error(`  ${key}`);
  return 1;
});
