// Runs `deploy/local/<command>.ts` under the Node and with the packages it needs, from a machine that has only an older
// Node and npm. Plain JavaScript without dependencies, because it runs before there are any.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const NODE = "24.21.0";
const PNPM = "12.21.0";
const MEMBERS = [".", "shared", "shared/hands", "sfu", "api", "recorder", "web", "deploy"];

const startedAt = Date.now();
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const cache =
  process.getuid?.() === 0
    ? "/var/cache/verbatim"
    : path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "verbatim");

const say = (text) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${text}`);
function fail(text) {
  console.error(`\n${text}`);
  process.exit(1);
}

/** Node and pnpm at exactly these versions, in a cache that outlives the checkout. */
async function tools() {
  const home = path.join(cache, `node-${NODE}-pnpm-${PNPM}-${process.platform}-${process.arch}`);
  const bin = path.join(home, "node_modules", ".bin");
  if (!good(bin)) {
    say(`Fetching Node ${NODE} and pnpm ${PNPM} from npm into ${home} …`);
    const draft = `${home}.${process.pid}`;
    try {
      mkdirSync(draft, { recursive: true });
    } catch (thrown) {
      fail(`Cannot write to ${cache}: ${thrown.message}. Make it writable for you, or set XDG_CACHE_HOME.`);
    }
    await run("npm", ["install", "--prefix", draft, "--no-audit", "--no-fund", `node@${NODE}`, `pnpm@${PNPM}`], {
      what: `npm could not fetch Node ${NODE} and pnpm ${PNPM}. Check that this machine reaches its npm registry (npm ping)`,
    });
    if (!good(path.join(draft, "node_modules", ".bin"))) {
      fail(
        `Node ${NODE} or pnpm ${PNPM} arrived, but does not run. Does npm skip install scripts (npm config get ignore-scripts)?`,
      );
    }
    // Whole or not at all: another start may look at the same time.
    rmSync(home, { recursive: true, force: true });
    renameSync(draft, home);
  }
  return bin;
}

function good(bin) {
  const says = (name, version) => {
    try {
      return (
        execFileSync(path.join(bin, name), ["--version"], { encoding: "utf8" }).trim().replace(/^v/, "") === version
      );
    } catch {
      return false; // Not there, or not for this machine.
    }
  };
  return says("node", NODE) && says("pnpm", PNPM);
}

/** Installs only when something that decides the packages has changed since the last time. */
async function packages(env) {
  const stamp = path.join(root, "node_modules", ".verbatim-packages");
  const files = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    ...MEMBERS.map((member) => path.join(member, "package.json")),
  ];
  const hash = createHash("sha256").update(`${NODE} ${PNPM} ${process.platform} ${process.arch}`);
  for (const file of files) hash.update(readFileSync(path.join(root, file)));
  const now = hash.digest("hex");
  const there = MEMBERS.every((member) => existsSync(path.join(root, member, "node_modules")));
  if (there && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  say("Installing packages (pnpm install --frozen-lockfile) …");
  await run("pnpm", ["install", "--frozen-lockfile", "--reporter=append-only"], {
    // CI: an older node_modules is replaced without a question nobody would answer.
    env: { ...env, CI: "true" },
    what: "pnpm could not install the packages. Check that this machine reaches its npm registry (npm ping) and that the disk has 2 GB free",
  });
  writeFileSync(stamp, now);
}

/** Runs quietly; when it fails shows the end of what it said, and says what to do. */
function run(command, args, { env = process.env, what }) {
  mkdirSync(cache, { recursive: true });
  const file = path.join(cache, `bootstrap-${process.pid}.log`);
  const log = openSync(file, "w");
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", log, log] });
    child.on("error", (thrown) => fail(`${what}.\n${thrown.message}`));
    child.on("exit", (code) => {
      closeSync(log);
      const tail = readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
      rmSync(file, { force: true });
      if (code !== 0) fail(`${tail}\n\n${what}.`);
      resolve();
    });
  });
}

/**
 * The command runs in a process group of its own and hears of each Ctrl-C exactly once: a terminal signals every process
 * of the foreground group, and npm forwards the signal again to us. The channel tells the command when we are gone.
 */
function handOver(bin, command, args, env) {
  const script = path.join(root, "deploy", "local", `${command}.ts`);
  const child = spawn(path.join(bin, "node"), [script, ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let last = 0;
  // Whoever started us was killed: nobody is left to say Ctrl-C to.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.connected && child.disconnect(), 500).unref();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      if (Date.now() - last < 500) return;
      last = Date.now();
      child.kill(name);
    });
  }
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

const [command, ...args] = process.argv.slice(2);
if (!command || !/^[a-z]+$/.test(command) || !existsSync(path.join(root, "deploy", "local", `${command}.ts`))) {
  fail("usage: node deploy/local/bootstrap.mjs start|backup|restore|admin|test|check|rehearse|bench [arguments]");
}
const bin = await tools();
const env = {
  ...process.env,
  PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}`,
  VERBATIM_STARTED_AT: String(startedAt),
};
await packages(env);
handOver(bin, command, args, env);
