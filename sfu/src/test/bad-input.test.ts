import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signalLimits } from "@verbatim/shared/signal/protocol";
import { callState, recording } from "./call-state.ts";
import {
  connect,
  eventually,
  join,
  openService,
  openSignal,
  openTapSocket,
  origin,
  type Peer,
  people,
  sign,
  startTestSfu,
  type TestSfu,
  type Message,
} from "./harness.ts";
import { opus, vp8 } from "./media.ts";

let sfu: TestSfu;
let bystander: Peer;
beforeAll(async () => {
  sfu = await startTestSfu();
  bystander = await join(sfu, people().ticket());
});
afterAll(async () => {
  // After everything below: the process lives and another person's call was not touched.
  expect(await bystander.request("ping")).toMatchObject({ type: "ok" });
  expect(bystander.received.filter((m) => m.type === "reset" || m.type === "error")).toEqual([]);
  expect(sfu.lines.filter(({ event }) => event === "signal.failed" || event === "service.failed")).toEqual([]);
  await bystander[Symbol.asyncDispose]();
  await sfu[Symbol.asyncDispose]();
});

const otherSecret = "another secret of 32 characters!!";

const hello = async (more: object = {}): Promise<object> => ({
  type: "hello",
  id: 1,
  protocol: 1,
  ticket: await sign(people().ticket()),
  ...more,
});

describe("/signal", () => {
  const firstFrames: [string, () => string | Buffer | Promise<string>, number][] = [
    ["not JSON", () => "{", 4400],
    ["a binary frame", () => Buffer.from([1, 2, 3]), 4400],
    ["no type", () => JSON.stringify({ id: 1 }), 4400],
    ["an unknown type", () => JSON.stringify({ type: "explode", id: 1 }), 4400],
    ["a request before hello", () => JSON.stringify({ type: "ping", id: 1 }), 4401],
    ["hello with an extra field", async () => JSON.stringify(await hello({ role: "interviewer" })), 4400],
    [
      "hello with codecs that are none",
      async () => JSON.stringify(await hello({ rtpCapabilities: { codecs: "all" } })),
      4400,
    ],
    ["a version from before ours", async () => JSON.stringify(await hello({ protocol: 0 })), 4426],
    ["a ticket that is none", async () => JSON.stringify(await hello({ ticket: "abc" })), 4401],
    [
      "a ticket with another key",
      async () => JSON.stringify(await hello({ ticket: await sign(people().ticket(), otherSecret) })),
      4401,
    ],
    ["a frame above 64 kB", () => " ".repeat(signalLimits.frameBytes + 1), 4413],
    ["a frame far above it", () => " ".repeat(8 * signalLimits.frameBytes), 4413],
  ];
  it.each(firstFrames)("as the first frame closes with a code of the table: %s", async (_name, frame, code) => {
    const peer = await openSignal(sfu);
    peer.socket.send(await frame());
    expect(await peer.closed).toMatchObject({ code });
  });

  it("speaks our version with a newer page", async () => {
    const peer = await openSignal(sfu);
    peer.send(await hello({ protocol: 99 }));
    expect((await peer.until((m) => m.type === "ok")).welcome.protocol).toBe(1);
    await peer[Symbol.asyncDispose]();
  });

  it("answers a malformed request by naming the field, and goes on", async () => {
    await using peer = await join(sfu, people().ticket());
    const transportId = peer.welcome.session.send.id;
    const produce = { transportId, medium: "audio", rtpParameters: opus(), muted: false };
    for (const [type, fields, code, field] of [
      ["mute", { producerId: 7, muted: true }, "input.invalid", "producerId"],
      ["mute", { producerId: "x" }, "input.invalid", "muted"],
      ["pause", { paused: "yes" }, "input.invalid", "paused"],
      ["pause", { paused: true, by: "cat" }, "input.invalid", "by"],
      ["produce", { ...produce, medium: "smell" }, "input.invalid", "medium"],
      ["produce", { ...produce, rtpParameters: { ...opus(), codecs: [] } }, "input.invalid", "rtpParameters.codecs"],
      ["produce", { ...produce, rtpParameters: vp8() }, "input.invalid", "rtpParameters.codecs"],
      ["produce", { ...produce, medium: "camera" }, "input.invalid", "rtpParameters.codecs"],
      [
        "produce",
        { ...produce, rtpParameters: { ...opus(), headerExtensions: [{ uri: "x", id: 0 }] } },
        "input.invalid",
        "rtpParameters",
      ],
      ["connect-transport", { transportId, dtlsParameters: { fingerprints: [] } }, "input.invalid", "dtlsParameters"],
      [
        "connect-transport",
        { transportId, dtlsParameters: { role: "client", fingerprints: [{ algorithm: "md5", value: "no" }] } },
        "input.invalid",
        "dtlsParameters",
      ],
      ["consume", { rtpCapabilities: { codecs: "all" } }, "input.invalid", "rtpCapabilities.codecs"],
      ["hello", { protocol: 1, ticket: "again" }, "state.conflict", "Hello"],
      ["restart-ice", { transportId: "nothing" }, "not_found", "transportId"],
      ["close-producer", { producerId: "nothing" }, "not_found", "producerId"],
      ["resume-consumer", { consumerId: "nothing" }, "not_found", "consumerId"],
      ["prefer-layers", { consumerId: "nothing", spatialLayer: 9 }, "input.invalid", "spatialLayer"],
      ["admit", { seatId: "me", deviceId: "me" }, "input.invalid", "seatId"],
      ["probe-transport", { protocol: "udp" }, "auth.forbidden", "call"],
    ] as const) {
      const answer = await peer.request(type, fields);
      expect(answer, `${type} ${JSON.stringify(fields)}`).toMatchObject({ type: "error", code });
      expect(answer.message).toContain(field);
    }
    expect(await peer.request("ping")).toMatchObject({ type: "ok" });
    peer.socket.send("{");
    expect(await peer.closed).toMatchObject({ code: 4400 });
  });

  it("answers each request once, also when a hundred are sent at once", async () => {
    await using peer = await join(sfu, people().ticket());
    for (let id = 1; id <= 60; id++) peer.send({ type: "ping", id });
    await peer.until((m) => m.type === "ok" && m.id === 60);
    const answered = peer.received.filter((m) => m.type === "ok" && m.id > 0).map((m) => m.id);
    expect(answered).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it("closes a flood", async () => {
    const peer = await join(sfu, people().ticket());
    for (let id = 1; id <= 400; id++) peer.send({ type: "ping", id });
    expect(await peer.closed).toMatchObject({ code: 4429 });
  });

  it("closes a socket that never says hello", { timeout: 10_000 }, async () => {
    const peer = await openSignal(sfu);
    expect(await peer.closed).toMatchObject({ code: 4401 });
  });

  it.each([
    ["no origin", "/signal", {}, 403],
    ["a foreign one", "/signal", { origin: "https://evil.example" }, 403],
    ["a longer one", "/signal", { origin: `${origin}.evil.example` }, 403],
    ["another port", "/signal", { origin: "http://localhost:3001" }, 403],
    ["the null origin", "/signal", { origin: "null" }, 403],
    ["another path", "/control", { origin }, 404],
  ])("refuses an upgrade with %s", async (_name, path, headers, status) => {
    expect(await upgradeStatus(sfu.port, path, headers)).toBe(status);
  });

  it("takes the machine's other name for itself", async () => {
    const peer = await connect(`ws://127.0.0.1:${sfu.port}/signal`, { origin: "http://127.0.0.1:3000" });
    await peer[Symbol.asyncDispose]();
  });

  it("counts browsers behind a proxy of ours by their own addresses", async () => {
    await using proxied = await startTestSfu({ TRUSTED_PROXY: "127.0.0.1" });
    const from = (address: string) =>
      connect(`ws://127.0.0.1:${proxied.port}/signal`, { origin, "x-forwarded-for": `198.51.100.1, ${address}` });
    const crowd = await Promise.all(Array.from({ length: 256 }, () => from("203.0.113.5")));
    await expect(from("203.0.113.5")).rejects.toThrow("429");
    const other = await from("203.0.113.6");
    for (const peer of [...crowd, other]) peer.socket.terminate();
  });

  it("has nothing else to say over HTTP, and shrugs at what is not HTTP", async () => {
    expect((await fetch(`http://127.0.0.1:${sfu.port}/metrics`)).status).toBe(404);
    expect(await upgradeStatus(sfu.port, "/signal", { origin, "sec-websocket-version": "1" })).toBe(400);
  });

  it("lets one seat have a few sockets, not many", async () => {
    const call = people();
    const ticket = call.ticket({ role: "candidate" });
    const open = await Promise.all(
      Array.from({ length: 8 }, () =>
        join(sfu, call.ticket({ ...ticket, deviceId: call.ticket().deviceId, jti: crypto.randomUUID() })),
      ),
    );
    expect(open.filter((peer) => peer.welcome)).toHaveLength(4);
    for (const peer of open) await peer[Symbol.asyncDispose]();
  });
});

describe.each(["tap", "control"] as const)("/%s", (path) => {
  const open = (): Promise<Peer> => (path === "tap" ? openTapSocket(sfu) : openService(sfu, "control"));
  const url = (): string => `ws://127.0.0.1:${sfu.internalPort}/${path}`;

  it("opens for its own services alone", async () => {
    const { signServiceToken } = await import("@verbatim/hands/service-token");
    const { secret } = await import("./harness.ts");
    const wrongAudience = await signServiceToken(secret, "events", "test");
    const wrongSecret = await signServiceToken("another secret of 32 characters!!", path, "test");
    for (const authorization of [undefined, "Bearer nothing", `Bearer ${wrongAudience}`, `Bearer ${wrongSecret}`]) {
      const status = await upgradeStatus(sfu.internalPort, `/${path}`, authorization ? { authorization } : {});
      expect(status).toBe(401);
    }
  });

  it("refuses a version from before ours, and a hello that is none", async () => {
    const { signServiceToken } = await import("@verbatim/hands/service-token");
    const { secret } = await import("./harness.ts");
    const authorization = `Bearer ${await signServiceToken(secret, path, "test")}`;
    const greeting = { type: "hello", id: 1, protocol: 0, ...(path === "tap" ? { instance: "x", bootId: "x" } : {}) };
    for (const [message, code] of [
      [greeting, 4426],
      [{ ...greeting, protocol: "1" }, 4400],
      [{ ...greeting, role: "interviewer" }, 4400],
    ] as const) {
      const peer = await connect(url(), { authorization });
      peer.send(message);
      expect(await peer.closed).toMatchObject({ code });
    }
  });

  it("closes what cannot be answered and answers what can", async () => {
    const peer = await open();
    expect(await peer.request("open", {})).toMatchObject({ type: "error", code: "input.invalid" });
    expect(await peer.request("call", {})).toMatchObject({ type: "error", code: "input.invalid" });
    peer.socket.send("[]");
    expect(await peer.closed).toMatchObject({ code: 4400 });
    const binary = await open();
    binary.socket.send(Buffer.from([0]));
    expect(await binary.closed).toMatchObject({ code: 4400 });
    const large = await open();
    large.socket.send(" ".repeat(2 * 1024 * 1024));
    expect(await large.closed).toMatchObject({ code: 4413 });
  });

  it("wants hello first", async () => {
    const { signServiceToken } = await import("@verbatim/hands/service-token");
    const { secret } = await import("./harness.ts");
    const peer = await connect(url(), { authorization: `Bearer ${await signServiceToken(secret, path, "test")}` });
    peer.send(
      path === "tap"
        ? { type: "ping", id: 1 }
        : { type: "call", id: 1, call: callState(people(), { recording: recording("recording") }) },
    );
    expect(await peer.closed).toMatchObject({ code: 4401 });
  });
});

it("says goodbye to everybody within 3 s when it is stopped, and leaves no worker behind", async () => {
  const own = await startTestSfu();
  const peer = await join(own, people().ticket());
  const workers: Message = await (await fetch(`http://127.0.0.1:${own.internalPort}/workers`)).json();
  const began = Date.now();
  await own[Symbol.asyncDispose]();
  expect(Date.now() - began).toBeLessThan(3_000);
  expect(await peer.closed).toEqual({ code: 4503, reason: "server.draining" });
  await eventually(() => {
    try {
      process.kill(workers[0].pid, 0);
      return false;
    } catch {
      return true; // Gone.
    }
  });
});

async function upgradeStatus(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = request({
      port,
      path,
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-key": Buffer.alloc(16).toString("base64"),
        "sec-websocket-version": "13",
        ...headers,
      },
    });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on("error", reject);
    asked.end();
  });
}
