import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Interview } from "@verbatim/shared/api/interviews";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { issueFor, makeAuthority } from "../local/lan/certificate.ts";
import { joinAsInterviewer, linkOf, signInAs } from "../rehearse/walk.ts";
import { anna, firstInterview } from "./new-installation.ts";
import { type Guest, openStage, photographFailure, type Stage } from "./stage.ts";

/** An installation with a certificate of its own and no proxy: pages and signalling speak TLS themselves. */
const closing = new AsyncDisposableStack();
let stage: Stage;
let host: Guest;
let mail: Guest | undefined;
let interview: Interview;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-https-"));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  const authority = await makeAuthority(Date.now());
  const { cert, key } = await issueFor(authority, ["localhost"], Date.now());
  const files = { TLS_CERT: path.join(folder, "cert.pem"), TLS_KEY: path.join(folder, "key.pem") };
  await writeFile(files.TLS_CERT, cert);
  await writeFile(files.TLS_KEY, key, { mode: 0o600 });
  // This test is a client who installed the authority.
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, authority.certificate.toString("pem")]);
  closing.defer(() => setDefaultCACertificates(trusted));
  stage = closing.use(await openStage({ ...files, SFU_WORKERS: "1" }));
  host = await stage.guest("host");
});
afterAll(() => closing.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await photographFailure([host, mail], task.name);
});

it("TLS_CERT and TLS_KEY open pages, signalling and the live document over https, with that certificate", async () => {
  const { ports } = stage.stack.settings;
  expect(stage.url).toBe(`https://localhost:${ports.api}`);
  expect(await (await fetch(stage.url)).text()).toContain("<title>Verbatim");
  // Signalling has nothing to say over plain requests, but says so with the same certificate.
  expect((await fetch(`https://localhost:${ports.sfu}/`)).status).toBe(404);

  ({ interview } = await firstInterview(stage, { autoStart: false }));
  const sockets: string[] = [];
  host.page.on("websocket", (socket) => sockets.push(socket.url().split("?")[0] ?? ""));
  await signInAs(host.page, stage.url, anna);
  expect((await host.context.cookies()).map(({ secure }) => secure)).not.toContain(false);
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await host.page.locator("[data-lamp]").first().waitFor();
  await host.page.locator('[data-live="live"]').first().waitFor();
  expect(new Set(sockets)).toEqual(
    new Set([`wss://localhost:${ports.sfu}/signal`, `wss://localhost:${ports.api}/live/${interview.id}`]),
  );
});

it.each([
  [
    "Safari",
    "iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B91 [LinkedInApp]",
    (link: string) => `x-safari-${link}`,
  ],
  [
    "Chrome",
    "Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 Version/4.0 Chrome/131.0.0.0 Mobile WhatsApp/2.24",
    (link: string) => `${link.replace("https:", "intent:")}#Intent;scheme=https;package=com.android.chrome;end`,
  ],
])(
  "inside another program “Open in %s” and the copy button take the whole link along, unspent",
  async (browser, system, way) => {
    const link = linkOf(interview, "candidate");
    mail = await stage.guest("mail", { phone: true });
    await mail.context.addInitScript(
      (agent) => Object.defineProperty(navigator, "userAgent", { get: () => agent }),
      `Mozilla/5.0 (${system}`,
    );
    const { page } = mail;
    await page.goto(link);
    expect(await page.getByRole("link", { name: `Open in ${browser}` }).getAttribute("href")).toBe(way(link));
    await page.getByRole("button", { name: "Copy your link" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    expect(await mail.context.cookies()).toEqual([]);
  },
);
