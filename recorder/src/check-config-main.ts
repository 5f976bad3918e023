import { faultsOf } from "@verbatim/hands/config";
import { readConfig as readAssembler } from "./assemble/config.ts";
import { readConfig as readCapture } from "./capture/config.ts";
import { readConfig as readScribe } from "./scribe/config.ts";
import { readConfig as readShip } from "./ship/config.ts";

/** Prints every fault of this environment, one a line, and starts nothing: the starter asks before it prepares. */
const reads = [readCapture, readShip, readScribe, readAssembler].map((read) => () => read(process.env));
for (const fault of faultsOf(...reads)) console.log(fault);
