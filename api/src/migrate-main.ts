import { z } from "zod";
import { readEnv } from "@verbatim/hands/config";
import { createLog } from "@verbatim/hands/log";
import { migrate } from "./database/migrate.ts";

// Run by the starter before the services; safe to run again and at the same moment.
const env = readEnv(z.object({ DATABASE_URL: z.url(), LOG_LEVEL: z.string().default("info") }), process.env);
const log = createLog("migrate", env.LOG_LEVEL);
await migrate({ url: env.DATABASE_URL, log });
log.info("migrate.done");
