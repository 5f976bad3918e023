const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a page of this origin may change things or open a socket. Exactly the public address; and on the machine
 * itself the address by which the page was opened, so that localhost and 127.0.0.1 both work. No origin, no change.
 */
export function originAllowed(origin: string | undefined, host: string | undefined, publicUrl: string): boolean {
  if (origin === undefined || origin === "null") return false;
  if (origin === publicUrl) return true;
  const parsed = URL.parse(origin);
  if (!parsed || parsed.origin !== origin) return false;
  return loopback.has(parsed.hostname) && parsed.host === host;
}
