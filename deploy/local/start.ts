import { networkInterfaces } from "node:os";
import { parseArgs } from "node:util";
import { mediaAddresses } from "@verbatim/hands/net/machine-addresses";
import { z } from "zod";
import { AlreadyRunning, holderOf } from "./claim.ts";
import { createApt } from "./apt.ts";
import { checkConfiguration } from "./configuration.ts";
import { type Asked, createEndDecision, recordedNow } from "./end-on-request.ts";
import { dataDir as placeOfData } from "./places.ts";
import { assertFree, type Ports } from "./ports.ts";
import { prepare } from "./prepare.ts";
import { leftovers } from "./process-list.ts";
import { createProgress } from "./progress.ts";
import { mediaWorkersOf, type Stack, startStack } from "./stack.ts";

/** `npm start`: the whole product on this machine, until Ctrl-C. */
const { values: flags } = parseArgs({ options: { lan: { type: "boolean", default: false } } });
const progress = createProgress(Number(process.env["VERBATIM_STARTED_AT"]) || Date.now());
const stop = new AbortController();
const dataDir = placeOfData(process.env);
/** Unknown until there may be anybody to ask. */
let asked: Asked | undefined;

const decide = createEndDecision(
  () => (asked ? recordedNow(asked) : Promise.resolve({ by: "api", titles: [] })),
  () => performance.now(),
);
const end = (why: string) => {
  if (stop.signal.aborted) return;
  progress.say(why);
  stop.abort(new Error(why));
};
process.on("SIGINT", () => {
  void decide().then((decision) => {
    if (decision.end) return end("Ending …");
    console.log(`\n${decision.because} Press Ctrl-C again within 10 s to end anyway; what is recorded is kept.\n`);
  });
});
process.on("SIGTERM", () => end("Ending …"));
process.on("SIGHUP", () => end("The terminal closed; ending …"));
process.on("disconnect", () => end("npm is gone; ending …"));

try {
  await run();
} catch (thrown) {
  if (!stop.signal.aborted) fail(thrown);
}
process.exit();

async function run(): Promise<void> {
  const holder = await holderOf(dataDir);
  if (holder) throw new AlreadyRunning(holder, dataDir);
  const ports = await checkConfiguration(process.env, dataDir, stop.signal);
  // Loaded only where it is wanted: what makes certificates takes a moment.
  const make = flags.lan ? (await import("./lan/lan.ts")).prepareLan : undefined;
  const lan = await make?.({ env: process.env, dataDir, ports, nowMs: Date.now() });
  const env = lan?.env ?? process.env;
  // Told before the minutes that a first start may take. What a killed start left holds its ports until it is ended.
  if (leftovers(dataDir).length === 0) await assertFree(ports, mediaWorkersOf(env), ["postgres", "speech", "lan"]);
  asked = askedAt(ports, false);
  progress.say(`All data is kept in ${dataDir} (set DATA_DIR to change that).`);
  const ready = await prepare({ env, progress, apt: createApt(progress, stop.signal), signal: stop.signal });
  await using running = await startStack({ env, dataDir, ports, ...ready, progress, signal: stop.signal });
  asked = askedAt(ports, true);
  await using _front = await lan?.open();
  await welcome(running, lan?.welcome);
  await aborted(stop.signal);
}

function askedAt({ apiInternal, captureOps }: Ports, allRan: boolean): Asked {
  return { apiUrl: `http://127.0.0.1:${apiInternal}`, captureUrl: `http://127.0.0.1:${captureOps}`, allRan };
}

async function welcome({ urls, env: own, settings }: Stack, lan: string | undefined): Promise<void> {
  const needed = await setupNeeded(urls.apiInternal);
  const lines = [
    `\nVerbatim runs: ${urls.public}`,
    ...(needed ? [`Make the first account there. Its one-time code: ${own["SETUP_CODE"]}`] : []),
    ...(lan ? [`\n${lan}\n`] : []),
    mediaLine(settings),
    `Ctrl-C ends it. Logs: ${dataDir}/logs\n`,
  ];
  console.log(lines.join("\n"));
}

/** Where browsers find sound and picture: the first thing to compare with a firewall. */
function mediaLine({ env, ports, mediaWorkers }: Stack["settings"]): string {
  const addresses = env["ANNOUNCED_ADDRESS"] || mediaAddresses(networkInterfaces()).join(", ");
  const last = ports.media + mediaWorkers - 1;
  return `Media: ${addresses}, port ${ports.media}${last > ports.media ? `–${last}` : ""}, UDP and TCP`;
}

async function setupNeeded(apiInternal: string): Promise<boolean> {
  const response = await fetch(`${apiInternal}/setup`, { signal: AbortSignal.timeout(5_000) });
  return z.object({ needed: z.boolean() }).parse(await response.json()).needed;
}

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
}

function fail(thrown: unknown): void {
  console.error(`\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 1;
}
