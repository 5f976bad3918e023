import { readFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import path from "node:path";
import { machineAddresses } from "@verbatim/hands/net/machine-addresses";
import { renderUnicodeCompact } from "uqr";
import type { Ports } from "../ports.ts";
import type { Env } from "../processes.ts";
import { issueFor, keptAuthority } from "./certificate.ts";
import { AUTHORITY_PATH, startFront } from "./front.ts";

/** `npm start -- --lan`: https on this network with a certificate of our own, so that a phone can be tried. */
export type Lan = {
  /** What the services are told. */
  readonly env: Env;
  /** Opens the way in, once they are ready. */
  open(): Promise<AsyncDisposable>;
  /** For the person at the terminal: addresses, the first one to be scanned, and what the phone will ask. */
  readonly welcome: string;
};

export async function prepareLan(options: {
  readonly env: Env;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly nowMs: number;
}): Promise<Lan> {
  const { env, dataDir, ports, nowMs } = options;
  for (const name of ["PUBLIC_URL", "TLS_CERT", "SIGNAL_URL", "TRUSTED_PROXY"]) {
    if (env[name]) throw new Error(`--lan makes an https address by itself: leave ${name} unset, or leave --lan away.`);
  }
  const [first = "127.0.0.1", ...others] = await byRoute(machineAddresses(networkInterfaces()));
  const names = [...new Set([first, ...others, "localhost", hostname(), `${hostname()}.local`])].filter(isName);
  const url = (name: string) => `https://${name}:${ports.lan}`;
  const authority = await keptAuthority(path.join(dataDir, "secrets"), nowMs);
  const shown = [first, ...others.filter((address) => address !== "127.0.0.1")];
  return {
    env: { ...env, PUBLIC_URL: url(first), TRUSTED_PROXY: "127.0.0.1" },
    open: async () =>
      startFront({
        port: ports.lan,
        certificate: await issueFor(authority, names, nowMs),
        authority: authority.certificate.toString("pem"),
        apiPort: ports.api,
        sfuPort: ports.sfu,
        publicUrl: url(first),
        names,
      }),
    welcome: [
      `On this network: ${shown.map(url).join("  ")}`,
      renderUnicodeCompact(url(first)),
      "The browser warns once, because this machine made the certificate itself: Advanced, then go on.",
      `Where it does not let you, open ${url(first)}${AUTHORITY_PATH} on the phone, install it, and trust it in the settings.`,
    ].join("\n"),
  };
}

/** The address by which this machine reaches others comes first: it is the one that they reach, too. */
async function byRoute(addresses: readonly string[]): Promise<string[]> {
  const routes = (await readFile("/proc/net/route", "utf8").catch(() => "")).split("\n"); // Not Linux: as they come.
  const outward = routes.map((line) => line.split("\t")).find((fields) => fields[1] === "00000000")?.[0];
  const own = (networkInterfaces()[outward ?? ""] ?? []).map(({ address }) => address);
  return addresses.toSorted((a, b) => Number(own.includes(b)) - Number(own.includes(a)));
}

/** A certificate with a name that is none would be refused as a whole. */
const isName = (name: string): boolean => /^[A-Za-z0-9.-]{1,253}$/.test(name);
