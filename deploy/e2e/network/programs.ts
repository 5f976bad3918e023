import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "../../local/places.ts";

/** Programs that an operator puts beside Verbatim, run as Debian has them, on ports of a test. */
export type Program = AsyncDisposable;

const READY_MS = 10_000;

/** coturn with short-lived credentials, over TCP, for peers on this machine too. */
export async function startTurnServer(options: {
  readonly address: string;
  readonly port: number;
  readonly secret: string;
}): Promise<Program> {
  const { address, port, secret } = options;
  const args =
    `-n --use-auth-secret --realm=verbatim.test --no-cli --no-tls --no-dtls --log-file=stdout --simple-log ` +
    `--allow-loopback-peers --static-auth-secret=${secret} ` +
    `--listening-ip=${address} --listening-port=${port} --relay-ip=${address}`;
  return await start("turnserver", (folder) => [...args.split(" "), `--pidfile=${path.join(folder, "pid")}`], {
    address,
    port,
  });
}

/** Caddy with deploy/proxy/Caddyfile as it stands. It makes its own certificates for an address without a name. */
export async function startCaddy(options: {
  readonly site: string;
  readonly apiPort: number;
  readonly sfuPort: number;
}): Promise<Program> {
  const { hostname, port } = new URL(options.site);
  const file = path.join(root, "deploy", "proxy", "Caddyfile");
  return await start(
    "caddy",
    async (folder) => {
      const around = path.join(folder, "Caddyfile");
      // Nothing of the machine is touched: no trust store, no port 80, no administration port.
      await writeFile(
        around,
        `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\nimport ${file}\n`,
      );
      return ["run", "--config", around, "--adapter", "caddyfile"];
    },
    { address: hostname, port: Number(port) },
    { VERBATIM_SITE: options.site, API_PORT: String(options.apiPort), SFU_PORT: String(options.sfuPort) },
  );
}

/** nginx with deploy/proxy/nginx.conf; only its addresses, ports and certificate are this test's. */
export async function startNginx(options: {
  readonly site: string;
  readonly apiPort: number;
  readonly sfuPort: number;
  readonly certificate: { readonly cert: string; readonly key: string };
}): Promise<Program> {
  const { hostname, port } = new URL(options.site);
  const example = await readFile(path.join(root, "deploy", "proxy", "nginx.conf"), "utf8");
  return await start(
    "nginx",
    async (folder) => {
      const [cert, key] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
      await writeFile(cert, options.certificate.cert);
      await writeFile(key, options.certificate.key);
      const site = example
        .replace("listen 443 ", `listen ${hostname}:${port} `)
        .replace("interviews.example.com;", `${hostname};`)
        .replace("/etc/ssl/verbatim/fullchain.pem", cert)
        .replace("/etc/ssl/verbatim/privkey.pem", key)
        .replace("127.0.0.1:3000", `127.0.0.1:${options.apiPort}`)
        .replace("127.0.0.1:3010", `127.0.0.1:${options.sfuPort}`);
      const config = path.join(folder, "nginx.conf");
      const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join(" ");
      await writeFile(
        config,
        `user root;\ndaemon off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp { access_log off; ${places}\n${site}\n}\n`,
      );
      return ["-c", config, "-e", path.join(folder, "error.log")];
    },
    { address: hostname, port: Number(port) },
  );
}

async function start(
  command: string,
  args: (folder: string) => string[] | Promise<string[]>,
  listens: { readonly address: string; readonly port: number },
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), `verbatim-${command}-`));
  let said = "";
  const child: ChildProcess = spawn(command, await args(folder), {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += String(chunk)));
  const ended = once(child, "exit").catch((thrown: unknown) => (said += String(thrown)));
  const deadline = performance.now() + READY_MS;
  while (!(await answers(listens.address, listens.port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${command} did not start:\n${said}`);
    }
    await delay(20);
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await Promise.race([ended, delay(3_000)]);
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false; // It does not listen yet.
  } finally {
    socket.destroy();
  }
}
