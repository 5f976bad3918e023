import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Interview } from "@verbatim/shared/api/interviews";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { freePortSet, type PortName, type Ports, portTable } from "../local/ports.ts";
import { joinAsCandidate, joinAsInterviewer, linkOf, signInAs } from "../rehearse/walk.ts";
import { type OtherMachine, otherMachine } from "./network/other-machine.ts";
import { anna, firstAccount, newInterview } from "./new-installation.ts";
import { type Guest, lampIs, openGuest, photographFailure, reads } from "./stage.ts";

/** `npm start -- --lan`, opened from another machine on the same cable: what a person does who wants to try a phone. */
const START = path.resolve(import.meta.dirname, "../local/start.ts");
const READY_WITHIN_MS = 120_000;

const closing = new AsyncDisposableStack();
let other: OtherMachine;
let ports: Ports;
let output = "";
let phone: Guest;
let host: Guest;
let interview: Interview;

beforeAll(async () => {
  other = closing.use(await otherMachine(2));
  ports = await freePortSet(1);
  const data = await mkdtemp(path.join(tmpdir(), "verbatim-lan-"));
  closing.defer(() => rm(data, { recursive: true, force: true, maxRetries: 5 }));
  const chosen = (Object.keys(portTable) as PortName[]).map((name) => [portTable[name].variable, String(ports[name])]);
  const child: ChildProcess = spawn(process.execPath, [START, "--lan"], {
    env: { ...process.env, ...Object.fromEntries(chosen), DATA_DIR: data, SFU_WORKERS: "1", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  closing.defer(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  const ready = Promise.withResolvers<void>();
  const failed = (): void => ready.reject(new Error(output));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes("Ctrl-C ends it")) ready.resolve();
    });
  }
  child.once("exit", failed);
  AbortSignal.timeout(READY_WITHIN_MS).addEventListener("abort", failed);
  await ready.promise;
  const code = /one-time code: (\S+)/.exec(output)?.[1] ?? "";
  interview = await newInterview(await firstAccount(`http://127.0.0.1:${ports.api}`, code));
  phone = closing.use(await openGuest("phone", { namespace: other.namespace, phone: true }));
  host = closing.use(await openGuest("host"));
});
afterAll(() => closing.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await photographFailure([host, phone], task.name);
});

it("prints every address by which others reach it, and where its media is", () => {
  expect(output).toContain(`https://${other.address}:${ports.lan}`);
  expect(output).toMatch(
    new RegExp(`Media: .*${other.address.replaceAll(".", "\\.")}.*, port ${ports.media}, UDP and TCP`),
  );
});

it("its certificate holds for each address, for everybody who installed its authority", async () => {
  const fetched = (ca: string | undefined, where: string, page = "/"): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = ca === undefined ? { rejectUnauthorized: false } : ca === "" ? {} : { ca };
      const asked = request(`https://${where}:${ports.lan}${page}`, options, (answer) => {
        answer
          .setEncoding("utf8")
          .toArray()
          .then((parts) => resolve(parts.join("")), reject);
      });
      asked.on("error", reject).end();
    });
  const authority = await fetched(undefined, other.address, "/verbatim-lan.crt");
  for (const where of [other.address, "127.0.0.1", "localhost"]) {
    expect(await fetched(authority, where)).toContain("<title>Verbatim");
  }
  await expect(fetched("", other.address), "who did not install it is warned").rejects.toThrow("certificate");
});

it("a page over plain http from another machine says why no call can be held, and what to do", async () => {
  await phone.page.goto(`http://${other.address}:${ports.api}/sign-in`);
  await reads(phone.page, "No call can be held from this address");
  await reads(phone.page, /npm start -- --lan/);
});

it("a phone joins a call over https, under an address that is not the first one", async () => {
  const link = new URL(linkOf(interview, "candidate"));
  const local = `https://localhost:${ports.lan}`;
  await signInAs(host.page, local, anna);
  await joinAsInterviewer(host.page, local, interview.id, false);
  await joinAsCandidate(phone.page, `https://${other.address}:${ports.lan}${link.pathname}${link.hash}`, false);
  expect(await phone.page.evaluate(() => window.isSecureContext)).toBe(true);
  await host.page
    .getByRole("button", { name: /^Admit/ })
    .first()
    .click();
  for (const { page } of [host, phone]) await lampIs(page, "safe", "behind");
});
