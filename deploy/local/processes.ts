import path from "node:path";
import { cacheDir, root } from "./places.ts";
import type { PortName, Ports } from "./ports.ts";
import type { Member, Wave } from "./run-processes.ts";
import type { ProcessSpec } from "./supervise.ts";

export type ProcessName = "speech" | "sfu" | "api" | "worker" | "capture" | "ship" | "scribe" | "assembler";
export type Env = Readonly<Record<string, string | undefined>>;

export type Settings = {
  /** The operator's environment, with secrets and DATABASE_URL already in it. */
  readonly env: Env;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly workerBin: string;
  readonly mediaWorkers: number;
  readonly offlineSpeech: boolean;
};

const store = [
  "STORE",
  "STORE_DIR",
  "S3_BUCKET",
  "S3_REGION",
  "S3_ENDPOINT",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
  "S3_FORCE_PATH_STYLE",
  "S3_SSE",
  "S3_SSE_KMS_KEY_ID",
  "S3_PREFIX",
];
const apiSecrets = ["SERVICE_SECRET", "TICKET_SECRET", "LINK_SECRET", "AUTH_SECRET"];
const speech = [
  "SPEECH",
  "DEEPGRAM_API_KEY",
  "DEEPGRAM_URL",
  "DEEPGRAM_MODEL",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_SPEECH_MODEL",
  "SPEECH_OFFLINE_URL",
];
const model = [
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_MODEL",
  "OPENAI_PRICE",
  "OPENAI_SUGGESTIONS",
  "SUGGESTION_BUDGET_TOKENS",
  "SUGGESTION_BUDGET_MONEY",
];

type Entry = {
  readonly script: string;
  /** Where it answers /readyz. */
  readonly port: PortName;
  readonly wave: Wave;
  readonly reads: readonly string[];
};

/** In starting order. Each process is given what it reads: keys and secrets go to no other one. */
const table: Readonly<Record<ProcessName, Entry>> = {
  speech: { script: "deploy/local/speech/speech-main.ts", port: "speech", wave: 3, reads: ["SPEECH_PORT"] },
  sfu: {
    script: "sfu/src/main.ts",
    port: "sfuInternal",
    wave: 3,
    reads: [
      "SFU_PORT",
      "SFU_INTERNAL_PORT",
      "MEDIA_PORT",
      "SFU_WORKERS",
      "ANNOUNCED_ADDRESS",
      "ICE_SERVERS",
      "TURN_SECRET",
      "TRUSTED_PROXY",
      "MEDIASOUP_WORKER_BIN",
      "SERVICE_SECRET",
      "TICKET_SECRET",
      "TLS_CERT",
      "TLS_KEY",
    ],
  },
  api: {
    script: "api/src/main.ts",
    port: "apiInternal",
    wave: 3,
    reads: [
      "API_PORT",
      "API_INTERNAL_PORT",
      "DATABASE_URL",
      "SFU_PORT",
      "SFU_INTERNAL_URL",
      "SIGNAL_URL",
      "SETUP_CODE",
      "WEB_DIST",
      "TRUSTED_PROXY",
      "TLS_CERT",
      "TLS_KEY",
      "MAX_CALLS",
      "STATUS_PROCESSES",
      "SPOOL_DIR",
      "POSTGRES_DIR",
      ...apiSecrets,
      ...store,
      ...speech,
      ...model,
    ],
  },
  worker: {
    script: "api/src/worker-main.ts",
    port: "workerOps",
    wave: 2,
    reads: ["WORKER_OPS_PORT", "DATABASE_URL", "CLOSE_AFTER_EMPTY_MINUTES", ...apiSecrets, ...store],
  },
  capture: {
    script: "recorder/src/capture-main.ts",
    port: "captureOps",
    wave: 1,
    reads: ["CAPTURE_OPS_PORT", "SFU_INTERNAL_URL", "SPOOL_DIR", "SERVICE_SECRET"],
  },
  ship: {
    script: "recorder/src/ship-main.ts",
    port: "shipOps",
    wave: 2,
    reads: ["SHIP_OPS_PORT", "API_INTERNAL_URL", "SPOOL_DIR", "SERVICE_SECRET", ...store],
  },
  scribe: {
    script: "recorder/src/scribe-main.ts",
    port: "scribeOps",
    wave: 2,
    reads: ["SCRIBE_OPS_PORT", "API_INTERNAL_URL", "SPOOL_DIR", "SERVICE_SECRET", ...speech],
  },
  assembler: {
    script: "recorder/src/assemble-main.ts",
    port: "assemblerOps",
    wave: 2,
    reads: ["ASSEMBLER_OPS_PORT", "API_INTERNAL_URL", "DATABASE_URL", "SERVICE_SECRET", ...store],
  },
};

const shared = ["DATA_DIR", "PUBLIC_URL", "LOG_LEVEL", "NODE_ENV"];
const told = new Set([...shared, ...Object.values(table).flatMap((entry) => entry.reads)]);

/** Every process of a stack with its whole environment, in starting order. The one place where that is decided. */
export function processTable(settings: Settings): Member[] {
  const names = Object.keys(table) as ProcessName[];
  return names
    .filter((name) => name !== "speech" || settings.offlineSpeech)
    .map((name) => {
      const { script, port, wave, reads } = table[name];
      return {
        name,
        ...nodeScript(settings, script, reads),
        logFile: path.join(settings.dataDir, "logs", `${name}.log`),
        readyUrl: `http://127.0.0.1:${settings.ports[port]}/readyz`,
        endsInWave: wave,
      };
    });
}

/** One command per package, which names the faults of its processes' configurations, with all that those are given. */
export function configChecks(settings: Settings): Omit<ProcessSpec, "name" | "logFile">[] {
  const packages = Map.groupBy(Object.values(table), ({ script }) => script.split("/")[0]);
  packages.delete("deploy"); // The speech server's is made by us.
  return [...packages].map(([name, entries]) =>
    nodeScript(
      settings,
      `${name}/src/check-config-main.ts`,
      entries.flatMap(({ reads }) => reads),
    ),
  );
}

/** A script of ours that runs once with the owner's database: migrations and the administrator's commands. */
export function ownerScript(settings: Settings, script: string): Omit<ProcessSpec, "name" | "logFile"> {
  return nodeScript(settings, script, ["DATABASE_URL", ...apiSecrets]);
}

/** Where people go. */
export function publicUrl({ env, ports }: Pick<Settings, "env" | "ports">): string {
  return env["PUBLIC_URL"] || `${env["TLS_CERT"] ? "https" : "http"}://localhost:${ports.api}`;
}

function nodeScript(settings: Settings, script: string, reads: readonly string[]) {
  const given = variables(settings);
  const mine = [...shared, ...reads].flatMap((name) => (given[name] ? [[name, given[name]] as const] : []));
  // The rest of the environment concerns the system (PATH, proxies, certificates), not us: it is passed on.
  const rest = Object.entries(settings.env).filter(([name]) => !told.has(name) && !/^(npm_|VERBATIM_)/.test(name));
  return {
    command: process.execPath,
    args: [path.join(root, script)],
    cwd: root,
    // Compiled code is kept between starts: a restart takes a third of the time, and what it takes is lost sound.
    env: {
      NODE_COMPILE_CACHE: path.join(cacheDir(settings.env), "compiled"),
      ...Object.fromEntries(rest),
      ...Object.fromEntries(mine),
    },
  };
}

/** Where each process answers, as the api asks them all how they are. */
function listening({ ports, offlineSpeech }: Settings): string {
  return Object.entries(table)
    .filter(([name]) => name !== "speech" || offlineSpeech)
    .map(([name, { port }]) => `${name}=http://127.0.0.1:${ports[port]}`)
    .join(",");
}

function variables(settings: Settings): Env {
  const { env, dataDir, ports } = settings;
  return {
    ...env,
    DATA_DIR: dataDir,
    PUBLIC_URL: publicUrl(settings),
    API_PORT: String(ports.api),
    API_INTERNAL_PORT: String(ports.apiInternal),
    API_INTERNAL_URL: `ws://127.0.0.1:${ports.apiInternal}`,
    WORKER_OPS_PORT: String(ports.workerOps),
    SFU_PORT: String(ports.sfu),
    SFU_INTERNAL_PORT: String(ports.sfuInternal),
    SFU_INTERNAL_URL: `ws://127.0.0.1:${ports.sfuInternal}`,
    MEDIA_PORT: String(ports.media),
    SFU_WORKERS: String(settings.mediaWorkers),
    MEDIASOUP_WORKER_BIN: settings.workerBin,
    CAPTURE_OPS_PORT: String(ports.captureOps),
    SHIP_OPS_PORT: String(ports.shipOps),
    SCRIBE_OPS_PORT: String(ports.scribeOps),
    ASSEMBLER_OPS_PORT: String(ports.assemblerOps),
    SPEECH_PORT: String(ports.speech),
    SPEECH_OFFLINE_URL:
      env["SPEECH_OFFLINE_URL"] || (settings.offlineSpeech ? `ws://127.0.0.1:${ports.speech}` : undefined),
    STATUS_PROCESSES: env["STATUS_PROCESSES"] || listening(settings),
    WEB_DIST: env["WEB_DIST"] || path.join(root, "web", "dist"),
    SPOOL_DIR: env["SPOOL_DIR"] || path.join(dataDir, "spool"),
    STORE: env["STORE"] || (env["S3_BUCKET"] ? "s3" : "disk"),
    STORE_DIR: env["STORE_DIR"] || path.join(dataDir, "store"),
  };
}
