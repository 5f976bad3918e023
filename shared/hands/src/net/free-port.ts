import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below what systems give to outgoing connections (Linux: from 32768): on a busy machine a free port of that range is
 * taken again within seconds, before its owner binds it.
 */
const FIRST = 20_000;
/** Processes that start together look in parts of their own: else they take each other's, now and then, before they are bound. */
const PARTS = 60;
const PART_PORTS = 200;
const TRIES = 1_000;

/** What this process was told of, and may not have bound yet. */
const given = new Set<number>();

/** Ports that nobody listens on now, all different, and none that was answered just before. Somebody may take one before its use: who binds must cope with that. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  const first = FIRST + (process.pid % PARTS) * PART_PORTS;
  if (given.size + count > PART_PORTS / 2) given.clear();
  for (let tries = 0; found.length < count; tries++) {
    if (tries > TRIES + count) throw new Error("No free ports.");
    const port = randomInt(first, first + PART_PORTS);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) found.push(port);
  }
  return found;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "0.0.0.0");
    await once(server, "listening");
    await once(server.close(), "close");
    return true;
  } catch {
    return false; // Somebody's.
  }
}
