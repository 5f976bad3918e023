import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below what systems give to outgoing connections (Linux: from 32768): on a busy machine a free port of that range is
 * taken again within seconds, before its owner binds it.
 */
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 1_000;

/** Ports that nobody listens on now, all different. Somebody may take one before its use: who binds must cope with that. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > TRIES + count) throw new Error("No free ports.");
    const port = randomInt(FIRST, LAST);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
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
