import type { Interview } from "@verbatim/shared/api/interviews";
import { freePorts } from "@verbatim/hands/net/free-port";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { issueFor, makeAuthority } from "../local/lan/certificate.ts";
import { joinAsInterviewer, linkOf, signInAs } from "../rehearse/walk.ts";
import { type OtherMachine, otherMachine } from "./network/other-machine.ts";
import { type Program, startCaddy, startNginx, startTurnServer } from "./network/programs.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { keepPeerConnections } from "./peers.ts";
import { type Guest, lampIs, openStage, photographFailure, reads, type Stage } from "./stage.ts";

/**
 * An installation as it stands in an office: pages and signalling under one https origin, the candidate on another
 * machine whose network lets less and less through. Each fact builds on the one before.
 */
const secret = "shared-with-the-turn-server";
const closing = new AsyncDisposableStack();
let other: OtherMachine;
let proxy: Program;
let stage: Stage;
let site: string;
let turnPort: number;
let host: Guest;
let candidate: Guest;
let interview: Interview;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const ports = () => stage.stack.settings.ports;

beforeAll(async () => {
  other = closing.use(await otherMachine(1));
  const [https = 0, turn = 0] = await freePorts(2);
  turnPort = turn;
  site = `https://${other.address}:${https}`;
  stage = closing.use(
    await openStage({
      PUBLIC_URL: site,
      TRUSTED_PROXY: "127.0.0.1",
      SFU_WORKERS: "1",
      ICE_SERVERS: `turn:${other.address}:${turn}?transport=tcp`,
      TURN_SECRET: secret,
    }),
  );
  proxy = await startCaddy({ site, apiPort: ports().api, sfuPort: ports().sfu });
  closing.defer(() => proxy[Symbol.asyncDispose]());
  ({ interview } = await firstInterview({ ...stage, url: `http://127.0.0.1:${ports().api}` }));
  host = await stage.guest("host", { voice: "rms", says: [{ atSeconds: 1, text: "good morning and welcome" }] });
  candidate = await stage.guest("candidate", {
    namespace: other.namespace,
    says: [{ atSeconds: 2, text: "my first job was at a bank in the city" }],
  });
  await candidate.context.addInitScript(keepPeerConnections);
});
afterAll(() => closing.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await photographFailure([host, candidate], task.name);
});

describe("the device check on another machine says within 5 s", () => {
  const media = () => `port ${ports().media}`;
  const said = async (pattern: RegExp, again: () => Promise<unknown>): Promise<string> => {
    const network = candidate.page.getByRole("region", { name: "Network" });
    await again();
    await network.getByText("Checking the way").waitFor();
    const beganMs = performance.now();
    await network.getByText(pattern).waitFor({ timeout: 60_000 });
    expect(performance.now() - beganMs).toBeLessThan(5_500);
    return await network.innerText();
  };
  const reload = () => candidate.page.reload({ waitUntil: "commit" });

  it("UDP, with round trip and loss", async () => {
    const { page } = candidate;
    await page.goto(linkOf(interview, "candidate"));
    expect(await page.evaluate(() => window.isSecureContext)).toBe(true);
    expect(await said(/direct way/, () => button(page, "I agree").click())).toMatch(/UDP\), \d+ ms, 0 % lost/);
  });

  it("TCP, and which UDP port to ask IT for", async () => {
    await other.block(["meta l4proto udp"]);
    const text = await said(/Works over TCP/, reload);
    expect(text).toMatch(/\d+ ms, 0 % lost/);
    expect(text).toContain("ask your IT to allow UDP to");
    expect(text).toContain(other.address);
    expect(text).toContain(media());
  });

  it("none, when the relay is away too", async () => {
    await other.block(["meta l4proto udp", `tcp dport ${ports().media}`]);
    const text = await said(/No way to the media server/, reload);
    expect(text).toContain("UDP, or at least TCP, to");
    expect(text).toContain(media());
  });

  it("relay, when there is one", async () => {
    closing.use(await startTurnServer({ address: other.address, port: turnPort, secret }));
    const text = await said(/Works through a relay/, () => button(candidate.page, "Check again").click());
    expect(text).toMatch(/\d+ ms, 0 % lost/);
  });
});

it("a call through Caddy and the relay alone is heard on both ends and recorded", async () => {
  await signInAs(host.page, site, anna);
  await joinAsInterviewer(host.page, site, interview.id, false);
  await button(candidate.page, "Join the call").click();
  await button(host.page, /^Admit/).click();
  for (const { page } of [host, candidate]) await lampIs(page, "safe", "behind");
  const atMs = Date.now() + 300;
  await Promise.all([host.microphone.begin(atMs), candidate.microphone.begin(atMs)]);
  await reads(host.page, /bank|city|job/, 40_000);
  const path = await candidate.page.evaluate(readPath);
  expect(new Set(path.local)).toEqual(new Set(["relay"]));
  expect(path.soundPackets).toBeGreaterThan(50);
});

it("nginx in its place serves the same call: signalling and the live document come back through it", async () => {
  const certificate = await issueFor(await makeAuthority(Date.now()), [other.address], Date.now());
  await proxy[Symbol.asyncDispose]();
  proxy = await startNginx({ site, apiPort: ports().api, sfuPort: ports().sfu, certificate });
  for (const { page } of [host, candidate]) await page.reload();
  await lampIs(candidate.page, "safe", "behind");
  await lampIs(host.page, "safe", "behind");
  await expect
    .poll(() => host.page.locator("[data-live]").first().getAttribute("data-live"), { timeout: 60_000 })
    .toBe("live");
  await reads(host.page, "Ada Lovelace");
});

/** Runs in the page: by what kind of local candidate its connections send, and how much sound has come. */
async function readPath(): Promise<{ local: string[]; soundPackets: number }> {
  const peers = (window as unknown as { keptPeers: RTCPeerConnection[] }).keptPeers;
  const local: string[] = [];
  let soundPackets = 0;
  for (const peer of peers.filter(({ connectionState }) => connectionState === "connected")) {
    const report = await peer.getStats();
    for (const entry of report.values() as Iterable<Record<string, unknown>>) {
      if (entry["type"] === "candidate-pair" && entry["nominated"] === true && entry["state"] === "succeeded") {
        local.push(String((report.get(String(entry["localCandidateId"])) as { candidateType?: string }).candidateType));
      }
      if (entry["type"] === "inbound-rtp" && entry["kind"] === "audio")
        soundPackets += Number(entry["packetsReceived"]);
    }
  }
  return { local, soundPackets };
}
