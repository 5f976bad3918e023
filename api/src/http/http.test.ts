import { connect } from "node:net";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ErrorReply } from "@verbatim/shared/api/contract";
import { Text } from "@verbatim/shared/text";
import { z } from "zod";
import { contracts } from "../start-api.ts";
import { type Harness, setUp, startHarness } from "../../test/harness.ts";
import { draft, scene } from "../../test/scene.ts";
import { originAllowed } from "./origin.ts";

let harness: Harness;
let web: string;
let made: Awaited<ReturnType<typeof scene>>;
beforeAll(async () => {
  web = await mkdtemp(path.join(tmpdir(), "verbatim-web-"));
  await mkdir(path.join(web, "assets"));
  await writeFile(path.join(web, "index.html"), "<!doctype html><title>Verbatim</title>");
  await writeFile(path.join(web, "assets", "app-1234.js"), "export {};");
  await writeFile(path.join(path.dirname(web), `${path.basename(web)}-secret.txt`), "secret");
  harness = await startHarness({ webDist: web });
  made = await scene(harness, (await setUp(harness)).browser);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await rm(web, { recursive: true, force: true });
  await rm(`${web}-secret.txt`, { force: true });
});

const pathOf = (contract: { path: string }): string =>
  contract.path.replace(":interviewId", made.at.interviewId).replace(":role", "candidate").replace(":language", "en");
const changing = contracts.filter(({ method }) => method !== "GET");
const send = (address: string, init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> }) =>
  made.candidate.browser.raw(address, init);
const json = { "content-type": "application/json" };

describe.each(changing.map((contract) => [`${contract.method} ${contract.path}`, contract] as const))(
  "%s",
  (_, contract) => {
    const expectRefused = async (response: Response, ...statuses: number[]): Promise<void> => {
      // Limits and missing accounts may speak first; what never happens is success, or a failure of ours.
      expect([400, 401, 403, 404, 409, 413, 429, ...statuses]).toContain(response.status);
      const body = ErrorReply.parse(await response.json());
      expect(body.message).not.toBe("");
      expect(body.requestId).toBe(response.headers.get("x-request-id"));
    };

    it("answers malformed bodies with a clear error", async () => {
      const address = pathOf(contract);
      const nothing = contract.body.safeParse(undefined).success;
      for (const body of [
        "{",
        "null",
        "[]",
        '"text"',
        "1e999",
        '{"__proto__":1}',
        '{"unknown":true}',
        "\u0000",
        "[".repeat(50_000),
      ]) {
        await expectRefused(await send(address, { method: contract.method, headers: json, body }));
      }
      await expectRefused(
        await send(address, { method: contract.method, headers: { "content-type": "text/plain" }, body: "{}" }),
      );
      if (!nothing) await expectRefused(await send(address, { method: contract.method }));
    });

    it("refuses more than 64 kB, announced or not", async () => {
      const address = pathOf(contract);
      const large = JSON.stringify({ filler: "x".repeat(70_000) });
      await expectRefused(await send(address, { method: contract.method, headers: json, body: large }));
      const stream = new Blob([large]).stream();
      await expectRefused(
        await send(address, { method: contract.method, headers: json, body: stream, duplex: "half" } as never),
      );
    });

    it("refuses a page of another site, and no page at all", async () => {
      for (const origin of [
        "",
        "null",
        "http://evil.example",
        "http://localhost:3000.evil.example",
        "http://localhost:30001",
        "https://localhost:3000",
      ]) {
        const headers = { ...json, ...(origin === "" ? {} : { origin }) };
        const response = await fetch(harness.base + pathOf(contract), { method: contract.method, headers, body: "{}" });
        expect(response.status).toBe(403);
        expect(ErrorReply.parse(await response.json()).code).toBe("origin.refused");
      }
    });
  },
);

describe("a character that nobody can type and Postgres does not store", () => {
  const named = (contract: (typeof contracts)[number]): string => `${contract.method} ${contract.path}`;
  const interview = { ...draft, contact: "Grace", notice: "We record." };
  const account = { organisation: "Acme", name: "Grace", email: "grace@example.org", password: "correct horse" };
  const bodies: Readonly<Record<string, object>> = {
    "POST /v1/setup": { code: "123456", ...account },
    "POST /v1/sign-in": { email: "grace@example.org", password: "correct horse" },
    "POST /v1/sign-in/link": { token: "abc" },
    "POST /v1/links/open": { token: "abc" },
    "POST /v1/interviews": interview,
    "PATCH /v1/interviews/:interviewId": interview,
    "POST /v1/notices/:language": { contact: "Grace", keptMonths: 6, recordPicture: true, notice: "We record." },
    "POST /v1/interviews/:interviewId/join": { role: "interviewer", accepts: "1" },
    "POST /v1/call/:interviewId/:role/name": { name: "Ada" },
    "POST /v1/call/:interviewId/:role/consent": { version: "1", accepted: true },
    "POST /v1/call/:interviewId/:role/suggestions/mark": { suggestionId: "x", state: "open" },
    "POST /v1/call/:interviewId/:role/chat": { id: crypto.randomUUID(), text: "Hello" },
  };
  const takesText = changing.filter(({ body }) =>
    Object.values(z.toJSONSchema(body, { io: "input" }).properties ?? {}).some(
      (field) => typeof field === "object" && field.type === "string" && !field.enum && field.format !== "uuid",
    ),
  );

  it("is tried on every endpoint that takes text", () => {
    expect(Object.keys(bodies).toSorted()).toEqual(takesText.map(named).toSorted());
  });

  it.each(takesText.map((contract) => [named(contract), contract] as const))("%s", async (name, contract) => {
    const body = bodies[name] ?? {};
    expect(contract.body.safeParse(body).error).toBeUndefined();
    const who = contract.path.includes(":role") ? made.candidate : made.host;
    for (const [field, value] of Object.entries(body).filter((each) => typeof each[1] === "string")) {
      const answer = await who.browser.raw(pathOf(contract), {
        method: contract.method,
        headers: json,
        body: JSON.stringify({ ...body, [field]: `${value}\u0000x` }),
      });
      // What is compared and never stored may hold anything.
      expect(answer.status, field).toBeLessThan(500);
      const reply = ErrorReply.safeParse(await answer.json());
      if (
        ["title", "candidateName", "contact", "notice", "organisation", "name", "text", "suggestionId"].includes(field)
      ) {
        expect(reply.data?.message).toBe(`${field}: must not contain control characters`);
      }
    }
  });

  it("tabs and line breaks are none, nor is any letter", () => {
    for (const text of ["one\n\n\ttwo\r\nthree", "Žofie Ó Súilleabháin", "王小明 👩‍💻", "שלום"]) {
      expect(Text.parse(` ${text} `)).toBe(text);
    }
    for (const text of ["\u0000", "\u001b[31m", "\u007f", "\u0085"]) expect(Text.safeParse(text).success).toBe(false);
  });
});

it("is not found for ids that are none, roles that are none, and paths that are none", async () => {
  for (const address of [
    "/v1/interviews/1",
    "/v1/call/x/candidate",
    `/v1/call/${made.at.interviewId}/owner`,
    "/v1/",
    "/v1/nothing",
    "/media",
    "/live",
    "/v1/interviews/%00",
    "/v1/interviews/%",
  ]) {
    const response = await made.host.browser.raw(address);
    expect([400, 404]).toContain(response.status);
    expect(response.headers.get("content-type")).toContain("application/json");
  }
});

describe("the port", () => {
  const talk = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(harness.api.port, "127.0.0.1", () => socket.write(text));
      let answer = "";
      socket.on("data", (data) => (answer += data.toString()));
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });

  it.each([
    ["nonsense", "\u0000\u0001\u0002\r\n\r\n", /^HTTP\/1.1 400/],
    ["a header that never ends", `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, /^HTTP\/1.1 431/],
    [
      "two lengths",
      "POST /v1/setup HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
      /^HTTP\/1.1 400/,
    ],
    [
      "an upgrade to nowhere",
      "GET /socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n",
      /^HTTP\/1.1 404/,
    ],
    [
      "an upgrade without an origin",
      "GET /live/11111111-1111-4111-8111-111111111111 HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n",
      /^HTTP\/1.1 403/,
    ],
    ["a hostile host", "GET /v1/setup HTTP/1.1\r\nhost: ]]]:x\r\nconnection: close\r\n\r\n", /^HTTP\/1.1 (200|400)/],
  ])("answers %s and stays up", async (_, text, expected) => {
    expect(await talk(text)).toMatch(expected);
    expect((await fetch(`${harness.base}/v1/setup`)).status).toBe(200);
  });

  it("keeps a request id that is one, and makes one otherwise", async () => {
    const id = async (given: string) =>
      (await fetch(`${harness.base}/v1/setup`, { headers: { "x-request-id": given } })).headers.get("x-request-id");
    expect(await id("abc-123")).toBe("abc-123");
    expect(await id("a b")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("tells the browser what our pages may do", async () => {
    const { headers } = await fetch(`${harness.base}/`);
    const policy = headers.get("content-security-policy")!;
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${harness.api.port} ws://127.0.0.1:3010;`);
    expect(policy).toContain("media-src 'self' blob:");
    expect(policy).toContain("script-src 'self';");
    expect(headers.get("permissions-policy")).toContain("microphone=(self)");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("the web app", () => {
  it("is served, its assets for ever, its page for every address a person may type", async () => {
    for (const address of ["/", "/join", "/interviews/abc", "/sign-in"]) {
      const response = await fetch(harness.base + address);
      expect([response.status, await response.text()]).toEqual([200, "<!doctype html><title>Verbatim</title>"]);
      expect(response.headers.get("cache-control")).toBe("no-cache");
    }
    const asset = await fetch(`${harness.base}/assets/app-1234.js`);
    expect(asset.headers.get("content-type")).toContain("text/javascript");
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expect((await fetch(`${harness.base}/assets/gone.js`)).status).toBe(404);
  });

  it("never leaves its folder", async () => {
    const secret = `${path.basename(web)}-secret.txt`;
    for (const up of ["..", "%2e%2e", "..%2f", "assets/../..", "%252e%252e", "..%5c"]) {
      const response = await fetch(`${harness.base}/${up}/${secret}`);
      expect(await response.text()).not.toContain("secret\n");
      expect([200, 404]).toContain(response.status);
    }
  });
});

it("describes every endpoint", async () => {
  const answer = await fetch(`${harness.base}/v1/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, object> };
  for (const { path: each } of contracts) expect(Object.keys(paths)).toContain(each.replace(/:(\w+)/g, "{$1}"));
});

it.each([
  ["http://localhost:3000", "localhost:3000", true],
  ["http://127.0.0.1:4000", "127.0.0.1:4000", true],
  ["http://127.0.0.1:4000", "127.0.0.1:5000", false],
  ["http://192.168.1.5:3000", "192.168.1.5:3000", false],
  ["http://localhost:3000/", "x", false],
  ["http://localhost.evil.example", "localhost.evil.example", false],
  ["http://evil.example", "evil.example", false],
  ["null", "localhost:3000", false],
  [undefined, "localhost:3000", false],
])("origin %s at host %s: %s", (origin, host, allowed) => {
  expect(originAllowed(origin, host, "http://localhost:3000")).toBe(allowed);
});
