import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiskStore } from "@verbatim/hands/store/disk";
import { TrustedProxy } from "@verbatim/hands/net/trusted-proxies";
import { createLog } from "@verbatim/hands/log";
import { createApp } from "../http/app.ts";
import { createLimits } from "../http/limits.ts";
import { byteRange } from "./byte-range.ts";
import { createMediaLinks, type MediaLinks } from "./media-links.ts";
import { mediaRoutes } from "./routes.ts";

const content = Buffer.from("0123456789");
const object = { key: "recordings/a/master.mp3", type: "audio/mpeg", name: 'Über "x".mp3' };
let nowMs = Date.parse("2026-11-21T10:00:00Z");
let links: MediaLinks;
let base: string;
const opened = new AsyncDisposableStack();

beforeAll(async () => {
  const root = await mkdtemp(path.join(tmpdir(), "verbatim-media-"));
  opened.defer(() => rm(root, { recursive: true, force: true }));
  const store = await createDiskStore({ root });
  await store.put(object.key, content, {
    sha256: createHash("sha256").update(content).digest("hex"),
    contentType: "audio/mpeg",
  });
  links = createMediaLinks({ secret: "l".repeat(40), nowMs: () => nowMs });
  const app = createApp({
    log: createLog("test", "error"),
    limits: createLimits(),
    publicUrl: "http://localhost:3000",
    secure: false,
    signalUrl: () => "ws://localhost:3010/signal",
    webDist: undefined,
    proxies: TrustedProxy.parse(""),
    routes: (router) => mediaRoutes(router, { store, links }),
  });
  const server = app.listen(0, "127.0.0.1");
  opened.defer(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
afterAll(async () => {
  await opened.disposeAsync();
});

const get = async (headers: Record<string, string> = {}, method = "GET", suffix = "") =>
  fetch(base + (await links.sign(object)) + suffix, { headers, method });

describe("a signed link", () => {
  it("plays the whole object, or any part of it", async () => {
    const whole = await get();
    expect([whole.status, whole.headers.get("content-type"), await whole.text()]).toEqual([
      200,
      "audio/mpeg",
      "0123456789",
    ]);
    const part = await get({ range: "bytes=2-4" });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([206, "bytes 2-4/10", "234"]);
    const tail = await get({ range: "bytes=-3" });
    expect([tail.headers.get("content-range"), await tail.text()]).toEqual(["bytes 7-9/10", "789"]);
    const beyond = await get({ range: "bytes=10-" });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"]);
  });

  it("answers HEAD with the length and no bytes", async () => {
    const head = await get({}, "HEAD");
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
  });

  it("saves under its name, which cannot break out of the header", async () => {
    const saved = await get({}, "GET", "?download");
    expect(saved.headers.get("content-disposition")).toBe(
      `attachment; filename="_ber _x_.mp3"; filename*=UTF-8''%C3%9Cber%20%22x%22.mp3`,
    );
  });

  it("ends after five minutes, and is worth nothing changed", async () => {
    const link = await links.sign(object);
    const answer = (change: (text: string) => string) => fetch(base + change(link)).then(({ status }) => status);
    expect(await answer((text) => text)).toBe(200);
    const at = link.length - 20;
    const other = link[at] === "A" ? "B" : "A";
    expect(await answer((text) => text.slice(0, at) + other + text.slice(at + 1))).toBe(404);
    const [head, , signature] = link.split(".");
    const claims = Buffer.from(
      JSON.stringify({ ...object, key: "recordings/b/master.mp3", aud: "media", exp: 4e9 }),
    ).toString("base64url");
    expect(await answer(() => `${head}.${claims}.${signature}`)).toBe(404);
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    expect(await answer(() => `/media/${none}.${claims}.`)).toBe(404);
    nowMs += 301_000;
    expect(await answer((text) => text)).toBe(410);
  });

  it("is for reading alone", async () => {
    const answer = await fetch(base + (await links.sign(object)), {
      method: "DELETE",
      headers: { origin: "http://localhost:3000" },
    });
    expect([404, 405]).toContain(answer.status);
  });
});

it.each([
  ["", "whole"],
  ["bytes=0-", { start: 0, end: 9 }],
  ["bytes=0-99", { start: 0, end: 9 }],
  ["bytes=-99", { start: 0, end: 9 }],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-2", "whole"],
  ["bytes=1-2,4-5", "whole"],
  ["items=1-2", "whole"],
  ["bytes=-", "whole"],
  ["bytes=99999999999999999999-", "unsatisfiable"],
])("Range %s of ten bytes", (header, expected) => {
  expect(byteRange(header, 10)).toEqual(expected);
});
