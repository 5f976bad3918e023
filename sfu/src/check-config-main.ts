import { faultsOf } from "@verbatim/hands/config";
import { readConfig } from "./config.ts";

/** Prints every fault of this environment, one a line, and starts nothing: the starter asks before it prepares. */
for (const fault of faultsOf(() => readConfig(process.env, 1))) console.log(fault);
