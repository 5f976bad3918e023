import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { BadConfig } from "@verbatim/hands/config";
import { freePorts } from "@verbatim/hands/net/free-port";

/** Every port of an installation: the variable that sets it, what it usually is, and whether others may reach it. */
export const portTable = {
  api: { variable: "API_PORT", usual: 3000, open: true },
  apiInternal: { variable: "API_INTERNAL_PORT", usual: 3001, open: false },
  workerOps: { variable: "WORKER_OPS_PORT", usual: 3002, open: false },
  sfu: { variable: "SFU_PORT", usual: 3010, open: true },
  sfuInternal: { variable: "SFU_INTERNAL_PORT", usual: 3011, open: false },
  captureOps: { variable: "CAPTURE_OPS_PORT", usual: 3021, open: false },
  shipOps: { variable: "SHIP_OPS_PORT", usual: 3022, open: false },
  scribeOps: { variable: "SCRIBE_OPS_PORT", usual: 3023, open: false },
  assemblerOps: { variable: "ASSEMBLER_OPS_PORT", usual: 3024, open: false },
  speech: { variable: "SPEECH_PORT", usual: 3030, open: false },
  postgres: { variable: "POSTGRES_PORT", usual: 3040, open: false },
  /** Pages and signalling over https with a certificate of our own; only with --lan. */
  lan: { variable: "LAN_PORT", usual: 3443, open: true },
  /** The first of one per media worker, UDP and TCP. */
  media: { variable: "MEDIA_PORT", usual: 40000, open: true },
} as const;

export type PortName = keyof typeof portTable;
export type Ports = Readonly<Record<PortName, number>>;

const names = Object.keys(portTable) as PortName[];

/** The ports that the environment asks for. All faults in one message. */
export function portsFromEnv(env: Readonly<Record<string, string | undefined>>): Ports {
  const { ports, faults } = readPorts(env);
  if (faults.length > 0) throw new BadConfig(faults);
  return ports;
}

/** The same, with a line per fault; a faulty port is the usual one. */
export function readPorts(env: Readonly<Record<string, string | undefined>>): {
  readonly ports: Ports;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const ports = Object.fromEntries(
    names.map((name) => {
      const { variable, usual } = portTable[name];
      const port = Number(env[variable] || usual);
      if (Number.isInteger(port) && port >= 1 && port <= 65_535) return [name, port];
      faults.push(`${variable}: ${env[variable]} is not a port`);
      return [name, usual];
    }),
  ) as Record<PortName, number>;
  for (const name of names) {
    const other = names.find((candidate) => candidate !== name && ports[candidate] === ports[name]);
    if (other) faults.push(`${portTable[name].variable}: ${ports[name]} is ${portTable[other].variable} too`);
  }
  return { ports, faults };
}

/** Ports for a stack beside others, all free now. */
export async function freePortSet(mediaWorkers: number): Promise<Ports> {
  for (;;) {
    const free = await freePorts(names.length);
    const media = await freeRun(mediaWorkers);
    if (free.some((port) => port >= media && port < media + mediaWorkers)) continue;
    const ports = Object.fromEntries(names.map((name, index) => [name, free[index] ?? 0])) as Record<PortName, number>;
    return { ...ports, media };
  }
}

/** Throws when a port is taken, naming each variable to change. `except` are ports of something not started here. */
export async function assertFree(ports: Ports, mediaWorkers: number, except: readonly PortName[] = []): Promise<void> {
  const taken = await Promise.all(
    names.map(async (name) => {
      if (except.includes(name)) return [];
      const host = portTable[name].open ? "0.0.0.0" : "127.0.0.1";
      const isFree = name === "media" ? await runIsFree(ports.media, mediaWorkers) : await tcpIsFree(ports[name], host);
      return isFree ? [] : [`  Port ${ports[name]} is in use: set ${portTable[name].variable} to another one.`];
    }),
  );
  if (taken.flat().length > 0)
    throw new Error(`Another program holds what this start needs.\n${taken.flat().join("\n")}`);
}

async function freeRun(count: number): Promise<number> {
  for (;;) {
    const [first] = await freePorts(1);
    if (first !== undefined && first + count < 65_536 && (await runIsFree(first, count))) return first;
  }
}

async function runIsFree(first: number, count: number): Promise<boolean> {
  const each = Array.from({ length: count }, (_, index) => first + index);
  const free = await Promise.all(each.flatMap((port) => [tcpIsFree(port, "0.0.0.0"), udpIsFree(port)]));
  return free.every(Boolean);
}

async function tcpIsFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const listening = once(server.listen(port, host), "listening");
  try {
    await listening;
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false; // EADDRINUSE, or a port that this user may not bind.
  }
}

async function udpIsFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  const listening = once(socket, "listening");
  socket.bind(port, "0.0.0.0");
  try {
    await listening;
    socket.close();
    await once(socket, "close");
    return true;
  } catch {
    return false; // EADDRINUSE.
  }
}
