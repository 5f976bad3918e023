import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestS3, startVersitygw } from "../../test/versitygw.ts";
import { readEnv } from "../config.ts";
import { createLog, type Log } from "../log.ts";
import { createDiskStore } from "./disk.ts";
import { sha256Hex } from "./hash.ts";
import { storeEnv } from "./open.ts";
import { createS3Store } from "./s3.ts";
import { type Store, StoreConflict, StoreMissing } from "./store.ts";

const log = createLog("test", "silent");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (store: Store, key: string, content: Uint8Array) =>
  store.put(key, content, { sha256: sha256Hex(content), contentType: "audio/ogg" });
async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

const listed = async (store: Store, prefix: string) => (await collect(store.list(prefix))).map(({ key }) => key);

let root: string;
let s3: TestS3;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "verbatim-store-"));
  s3 = await startVersitygw();
});
afterAll(async () => {
  await s3[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

describe.each([
  ["disk", () => createDiskStore({ root: path.join(root, "contract") })],
  ["S3", async () => createS3Store(s3.config, log)],
  ["S3 under a prefix", async () => createS3Store({ ...s3.config, prefix: "shared/verbatim/" }, log)],
])("the store on %s", (_name, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  it("gives back what was put, whole and in ranges", async () => {
    const content = randomBytes(100_000);
    expect(await put(store, "a/whole.ogg", content)).toBe("stored");
    expect(Buffer.from(await store.get("a/whole.ogg")).equals(content)).toBe(true);
    const range = { start: 10, end: 19 };
    expect(Buffer.from(await store.get("a/whole.ogg", { range })).equals(content.subarray(10, 20))).toBe(true);
    const streamed = await collect(await store.stream("a/whole.ogg", { range: { start: 99_990, end: 200_000 } }));
    expect(Buffer.concat(streamed).equals(content.subarray(99_990))).toBe(true);
    expect(await store.get("a/whole.ogg", { range: { start: 100_000, end: 100_001 } })).toHaveLength(0);
    expect(await store.head("a/whole.ogg")).toEqual({ key: "a/whole.ogg", bytes: 100_000 });
  });

  it("takes a master of any length: its time to be sent grows with it", async () => {
    const content = randomBytes(4_000_001);
    expect(await put(store, "a/master.mp3", content)).toBe("stored");
    expect(sha256Hex(await store.get("a/master.mp3"))).toBe(sha256Hex(content));
    await store.delete("a/master.mp3");
  });

  it("never overwrites: the same content exists, another is a conflict", async () => {
    await put(store, "b/once", bytes("first"));
    expect(await put(store, "b/once", bytes("first"))).toBe("exists");
    await expect(put(store, "b/once", bytes("other"))).rejects.toBeInstanceOf(StoreConflict);
    await expect(put(store, "b/once", bytes("firsT"))).rejects.toBeInstanceOf(StoreConflict);
    expect(new TextDecoder().decode(await store.get("b/once"))).toBe("first");
  });

  it("has one winner when many put under one key at the same moment", async () => {
    const contents = Array.from({ length: 12 }, (_, n) => bytes(`content ${n}`));
    const outcomes = await Promise.allSettled(contents.map((content) => put(store, "b/race", content)));
    const stored = outcomes.flatMap((one, n) => (one.status === "fulfilled" && one.value === "stored" ? [n] : []));
    expect(stored).toHaveLength(1);
    expect(await store.get("b/race")).toEqual(contents[stored[0]!]);
  });

  it("refuses content that is not what its SHA-256 says", async () => {
    const options = { sha256: sha256Hex(bytes("right")), contentType: "text/plain" };
    await expect(store.put("b/wrong", bytes("wrong"), options)).rejects.toThrow();
    expect(await store.head("b/wrong")).toBeUndefined();
  });

  it("says what is missing", async () => {
    expect(await store.head("nowhere/a")).toBeUndefined();
    await expect(store.get("nowhere/a")).rejects.toBeInstanceOf(StoreMissing);
    await expect(store.stream("nowhere/a")).rejects.toBeInstanceOf(StoreMissing);
    await store.delete("nowhere/a");
  });

  it("lists by prefix, in order, and deletes", async () => {
    for (const key of ["l/b/2", "l/b/1", "l/a", "l/b.txt", "l/c/d/e", "m"]) await put(store, key, bytes(key));
    expect(await listed(store, "l/")).toEqual(["l/a", "l/b.txt", "l/b/1", "l/b/2", "l/c/d/e"]);
    expect(await listed(store, "l/b")).toEqual(["l/b.txt", "l/b/1", "l/b/2"]);
    expect(await listed(store, "nowhere/")).toEqual([]);
    await store.delete("l/b/1");
    expect(await listed(store, "l/b/")).toEqual(["l/b/2"]);
    await put(store, "l/b/1", bytes("again"));
  });

  it.each(["../up", "a/../../up", "/abs", "a//b", "", ".hidden", "a/.b", "a\\b", "a\0b", `${"x".repeat(401)}`, "a/"])(
    "takes no key like %j",
    async (key) => {
      await expect(put(store, key, bytes("x"))).rejects.toThrow(RangeError);
      await expect(store.get(key)).rejects.toThrow(RangeError);
      await expect(store.head(key)).rejects.toThrow(RangeError);
      await expect(store.delete(key)).rejects.toThrow(RangeError);
    },
  );

  it("stops when its caller does", async () => {
    const options = { sha256: sha256Hex(bytes("x")), contentType: "text/plain", signal: AbortSignal.abort() };
    await expect(store.put("c/never", bytes("x"), options)).rejects.toThrow();
    expect(await store.head("c/never")).toBeUndefined();
  });

  it("proves itself, and leaves nothing behind", async () => {
    await store.probe();
    expect(await listed(store, "probe/")).toEqual([]);
  });
});

describe("the disk store", () => {
  it("keeps half-written objects out of sight, and clears those of a killed process", async () => {
    const at = path.join(root, "stale");
    await createDiskStore({ root: at });
    await writeFile(path.join(at, ".writing", "left"), "half");
    const store = await createDiskStore({ root: at });
    expect(await listed(store, "")).toEqual([]);
    expect(await readdir(path.join(at, ".writing"))).toEqual(["left"]);
    await createDiskStore({ root: at, now: () => Date.now() + 7_200_000 });
    expect(await readdir(path.join(at, ".writing"))).toEqual([]);
  });

  it("tells operators when its folder cannot be written", async () => {
    const at = path.join(root, "broken");
    const store = await createDiskStore({ root: at });
    await rm(path.join(at, ".writing"), { recursive: true });
    await symlink("/proc/nowhere", path.join(at, ".writing"));
    await expect(store.probe()).rejects.toThrow(/The store \(.*broken\) cannot be written to/);
  });
});

/** Stands between the driver and the server, and does to requests what `interfere` says. */
async function proxy(
  interfere: (incoming: IncomingMessage, outgoing: ServerResponse) => "pass" | "strip" | "done" | "lose",
) {
  const upstream = new URL(s3.config.endpoint!);
  const server = createServer((incoming, outgoing) => {
    const what = interfere(incoming, outgoing);
    if (what === "done") return;
    const headers = { ...incoming.headers };
    // Not among the signed headers of another kind of server: it just does not know this one.
    if (what === "strip") delete headers["if-none-match"];
    const onward = request(
      { host: upstream.hostname, port: upstream.port, method: incoming.method, path: incoming.url, headers },
      (reply) => {
        if (what === "lose") return outgoing.destroy();
        outgoing.writeHead(reply.statusCode!, reply.headers);
        reply.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    // Signed for the server's own name.
    config: { ...s3.config, endpoint: `http://127.0.0.1:${port}` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

describe("the S3 store", () => {
  it("asks for encryption and lets the server check the SHA-256", async () => {
    const seen: IncomingMessage["headers"][] = [];
    await using between = await proxy((incoming, outgoing) => {
      if (incoming.method === "PUT") seen.push(incoming.headers);
      outgoing.writeHead(500).end();
      return "done";
    });
    using store = createS3Store({ ...between.config, sse: "aws:kms", kmsKeyId: "key-1" }, log);
    await expect(put(store, "e/x", bytes("x"))).rejects.toThrow();
    expect(seen).toHaveLength(1); // Repeating is the caller's.
    expect(seen[0]).toMatchObject({
      "if-none-match": "*",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "key-1",
    });
    expect(seen[0]!["x-amz-checksum-sha256"]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it("gives up on a server that accepts and says nothing", async () => {
    await using between = await proxy(() => "done");
    using store = createS3Store(between.config, log, 300);
    const began = performance.now();
    await expect(put(store, "e/silent", bytes("x"))).rejects.toThrow();
    await expect(store.get("e/silent")).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("gives up on a server that falls silent in the middle of an object", async () => {
    await using between = await proxy((_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": 1000 }).write("half");
      return "done";
    });
    using store = createS3Store(between.config, log, 300);
    const began = performance.now();
    await expect(store.get("e/half")).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("takes an answer that was lost for what it was: stored once", async () => {
    let lost = 0;
    await using between = await proxy((incoming) =>
      incoming.method === "PUT" && incoming.url?.includes("lost") && lost++ === 0 ? "lose" : "pass",
    );
    // The signature covers the host's name, so the server must be told its own.
    using store = createS3Store(between.config, log);
    await expect(put(store, "e/lost", bytes("x"))).rejects.toThrow();
    expect(await put(store, "e/lost", bytes("x"))).toBe("exists");
  });

  it.each([
    ["does not know the condition", 501],
    ["ignores the condition", 200],
  ])("looks before it writes, and says so loudly, where the server %s", async (_name, status) => {
    const objects = new Map<string, Buffer>();
    const server = createServer((incoming, outgoing) => {
      const key = new URL(incoming.url!, "http://x").pathname;
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const held = objects.get(key);
        if (incoming.method === "PUT") {
          if (status === 501 && incoming.headers["if-none-match"]) return outgoing.writeHead(501).end();
          objects.set(key, Buffer.concat(chunks));
          return outgoing.writeHead(200).end();
        }
        if (incoming.method === "DELETE") {
          objects.delete(key);
          return outgoing.writeHead(204).end();
        }
        if (!held) return outgoing.writeHead(404).end();
        outgoing.writeHead(200, { "content-length": held.length }).end(incoming.method === "HEAD" ? undefined : held);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const errors: string[] = [];
    const loud: Log = { ...log, error: (event) => errors.push(event) };
    using store = createS3Store({ ...s3.config, endpoint: `http://127.0.0.1:${port}` }, loud);
    expect(await put(store, "e/plain", bytes("x"))).toBe("stored");
    expect(await put(store, "e/plain", bytes("x"))).toBe("exists");
    await expect(put(store, "e/plain", bytes("y"))).rejects.toBeInstanceOf(StoreConflict);
    await store.probe();
    expect(errors[0]).toMatch(/^store\.(overwrites|no_conditional_writes)$/);
    expect([...objects.keys()]).toEqual(["/recordings/e/plain"]);
    server.closeAllConnections();
    await once(server.close(), "close");
  });

  it("tells operators of a bucket that is not there and of keys that are not let in", async () => {
    using nowhere = createS3Store({ ...s3.config, bucket: "elsewhere" }, log);
    await expect(nowhere.probe()).rejects.toThrow();
    await expect(nowhere.get("a")).rejects.not.toBeInstanceOf(StoreMissing);
    const credentials = { accessKeyId: "key", secretAccessKey: "wrong" };
    using stranger = createS3Store({ ...s3.config, credentials }, log);
    await expect(stranger.probe()).rejects.toThrow();
  });

  it("keeps objects as they are: what the server holds is what was sent", async () => {
    using store = createS3Store(s3.config, log);
    const content = randomBytes(960_044);
    await put(store, "e/plain.wav", content);
    expect((await readFile(path.join(s3.files, "e/plain.wav"))).equals(content)).toBe(true);
  });
});

describe("the store's configuration", () => {
  it("is a folder under DATA_DIR unless told otherwise", () => {
    expect(readEnv(storeEnv, { DATA_DIR: "/d" })).toEqual({ store: { kind: "disk", root: "/d/store" } });
    expect(readEnv(storeEnv, { DATA_DIR: "/d", STORE_DIR: "/s" })).toEqual({ store: { kind: "disk", root: "/s" } });
  });

  it("is S3 as soon as a bucket is named", () => {
    const env = { S3_BUCKET: "rec", S3_ENDPOINT: "https://s3.example.com", S3_PREFIX: "a/b/", S3_SSE: "AES256" };
    expect(readEnv(storeEnv, env)).toMatchObject({
      store: {
        kind: "s3",
        s3: { bucket: "rec", prefix: "a/b/", forcePathStyle: true, sse: "AES256", region: "us-east-1" },
      },
    });
  });

  it.each([
    [{ STORE: "s3" }, /S3_BUCKET: is needed/],
    [{}, /STORE_DIR: is needed/],
    [{ S3_BUCKET: "rec", S3_ACCESS_KEY_ID: "a" }, /S3_SECRET_ACCESS_KEY: .*belong together/],
    [{ S3_BUCKET: "rec", S3_SSE: "rot13" }, /S3_SSE/],
    [{ S3_BUCKET: "rec", S3_PREFIX: "../x" }, /S3_PREFIX/],
  ])("names the fault of %j", (env, fault) => {
    expect(() => readEnv(storeEnv, env)).toThrow(fault);
  });
});
