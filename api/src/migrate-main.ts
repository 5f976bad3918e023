import { parseArgs } from "node:util";
import { z } from "zod";
import { readEnv } from "@verbatim/hands/config";
import { createLog } from "@verbatim/hands/log";
import { migrate } from "./database/migrate.ts";

// migrate-main.ts [--until NAME]
// Run by the starter before the services; safe to run again and at the same moment.
const { values } = parseArgs({ options: { until: { type: "string" } } });
const env = readEnv(z.object({ DATABASE_URL: z.url(), LOG_LEVEL: z.string().default("info") }), process.env);
const log = createLog("migrate", env.LOG_LEVEL);
await migrate({ url: env.DATABASE_URL, log, until: values.until });
log.info("migrate.done");
