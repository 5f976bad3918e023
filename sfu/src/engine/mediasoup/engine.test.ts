import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { machineAddresses, mediaAddresses } from "@verbatim/hands/net/machine-addresses";
import mediasoup, { type types } from "mediasoup";
import { describe, expect, it } from "vitest";
import { eventually, testLog } from "../../test/harness.ts";
import { opus, rtpPacket } from "../../test/media.ts";
import { engineContract, type EngineUnderTest } from "../contract.ts";
import { announce } from "./addresses.ts";
import { createMediasoupEngine } from "./engine.ts";
import { tapPorts } from "./tap.ts";

/** mediasoup itself tells of every router it makes; that is the way in for packets no browser sends. */
async function make(): Promise<EngineUnderTest> {
  const routers: types.Router[] = [];
  const onWorker = (worker: types.Worker): void =>
    void worker.observer.on("newrouter", (router) => routers.push(router));
  mediasoup.observer.on("newworker", onWorker);
  const engine = await createMediasoupEngine({
    workers: 1,
    port: 0,
    addresses: () => ["127.0.0.1"],
    iceServers: () => [],
    log: testLog(),
  });
  return {
    engine,
    async speak() {
      const router = routers.at(-1)!;
      const transport = await router.createDirectTransport();
      const rtpParameters = {
        ...opus(),
        headerExtensions: [{ uri: "urn:ietf:params:rtp-hdrext:ssrc-audio-level", id: 10 }],
      } as types.RtpParameters;
      const producer = await transport.produce({ kind: "audio", rtpParameters });
      // Our own transports do this when they produce; a direct one is mediasoup's.
      for (const observer of observers.get(router) ?? []) await observer.addProducer({ producerId: producer.id });
      let seq = 0;
      return {
        producerId: producer.id,
        send() {
          const { ssrc = 0 } = rtpParameters.encodings![0]!;
          if (!producer.closed) producer.send(rtpPacket({ ssrc, payloadType: 111, seq: seq++, payload, level: 20 }));
        },
        close: () => producer.close(),
      };
    },
    crash: () => void process.kill(engine.workers()[0]!.pid, "SIGKILL"),
    async [Symbol.asyncDispose]() {
      mediasoup.observer.off("newworker", onWorker);
      await engine[Symbol.asyncDispose]();
    },
  };
}

const payload = Buffer.from("every word that is said here is padded to the size of a frame of speech");
const observers = new WeakMap<types.Router, types.RtpObserver[]>();
mediasoup.observer.on("newworker", (worker) => {
  worker.observer.on("newrouter", (router) => {
    observers.set(router, []);
    router.observer.on("newrtpobserver", (observer) => observers.get(router)?.push(observer));
  });
});

/** Datagrams that the kernel threw away because the socket on this port was full. */
async function droppedAt(port: number): Promise<number> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = (await readFile("/proc/net/udp", "utf8")).split("\n").map((row) => row.trim().split(/\s+/));
  const own = rows.filter((row) => row[1]?.endsWith(`:${hex}`));
  expect(own).toHaveLength(1);
  return Number(own[0]!.at(-1));
}

describe("the mediasoup engine", () => {
  engineContract(make);

  it("ends a worker that lives without answering, and replaces it", { timeout: 20_000 }, async () => {
    await using under = await make();
    const lost = Promise.withResolvers<void>();
    await under.engine.createRoom({ lost: lost.resolve, levels: () => undefined });
    const [stuck] = under.engine.workers();
    process.kill(stuck!.pid, "SIGSTOP");
    await lost.promise;
    await eventually(() => under.engine.ready);
    expect(under.engine.workers()[0]!.pid).not.toBe(stuck!.pid);
  });

  it("loses no packet while a worker stands still for a moment", async () => {
    await using under = await make();
    const probe = await under.engine.createProbe("udp");
    const { port } = probe.parameters.iceCandidates[0]!;
    const { pid } = under.engine.workers()[0]!;
    const browser = createSocket("udp4");
    process.kill(pid, "SIGSTOP");
    try {
      // Half a second of two cameras: more than a socket holds by itself, less than the smallest limit systems come with.
      for (let n = 0; n < 150; n++) {
        await new Promise<void>((resolve, reject) => {
          browser.send(Buffer.alloc(1_200), port, "127.0.0.1", (fault) => (fault ? reject(fault) : resolve()));
        });
      }
      expect(await droppedAt(port)).toBe(0);
    } finally {
      process.kill(pid, "SIGCONT");
      browser.close();
      probe.close();
    }
  });

  it("spreads rooms over its workers", async () => {
    await using engine = await createMediasoupEngine({
      workers: 2,
      port: 0,
      addresses: () => [],
      iceServers: () => [],
      log: testLog(),
    });
    const quiet = { lost: () => undefined, levels: () => undefined };
    const rooms = [await engine.createRoom(quiet), await engine.createRoom(quiet)];
    expect(engine.workers().map(({ rooms: count }) => count)).toEqual([1, 1]);
    rooms[0]!.close();
    expect(
      engine
        .workers()
        .map(({ rooms: count }) => count)
        .toSorted((a, b) => a - b),
    ).toEqual([0, 1]);
  });
});

it.each([0, 1_024, 19_999, 20_000, 25_000, 30_000, 39_999, 40_000, 65_000])(
  "keeps taps off the media ports from %i on",
  (first) => {
    const { min, max } = tapPorts(first, 64);
    expect(max < first || min >= first + 64).toBe(true);
  },
);

describe("announced addresses", () => {
  it("are every address of the machine, IPv4 first and loopback last; a link's own address is none", () => {
    const info = (address: string, internal = false, family: "IPv4" | "IPv6" = "IPv4") =>
      ({ address, internal, family, netmask: "", mac: "", cidr: null, scopeid: 0 }) as never;
    const interfaces = {
      lo: [info("127.0.0.1", true)],
      eth0: [info("192.0.2.5"), info("fe80::1", false, "IPv6")],
      eth1: [info("192.0.2.6"), info("2001:db8::6", false, "IPv6")],
    };
    expect(machineAddresses(interfaces)).toEqual(["192.0.2.5", "192.0.2.6", "127.0.0.1"]);
    expect(mediaAddresses(interfaces)).toEqual(["192.0.2.5", "192.0.2.6", "2001:db8::6", "127.0.0.1"]);
  });

  it("of each family go with the sockets that listen on it, names with those of IPv4", () => {
    const base = { foundation: "f", protocol: "udp" as const, priority: 1, type: "host" as const };
    const listening = [
      { ...base, ip: "127.0.0.1", address: "127.0.0.1", port: 4 },
      { ...base, ip: "::1", address: "::1", port: 6 },
    ];
    const announced = announce(listening, ["192.0.2.5", "2001:db8::6", "sfu.example.com"]);
    expect(announced.map(({ address, port }) => [address, port])).toEqual([
      ["192.0.2.5", 4],
      ["2001:db8::6", 6],
      ["sfu.example.com", 4],
    ]);
  });

  it("keep UDP before TCP and the first address before the others", () => {
    const base = { foundation: "f", ip: "x", address: "x", port: 1, type: "host" as const };
    const announced = announce(
      [
        { ...base, protocol: "udp", priority: 1_076_302_079 },
        { ...base, protocol: "tcp", priority: 1_076_276_479 },
      ],
      ["a", "b"],
    );
    const order = announced.toSorted((one, other) => other.priority - one.priority);
    expect(order.map(({ address, protocol }) => `${address} ${protocol}`)).toEqual([
      "a udp",
      "b udp",
      "a tcp",
      "b tcp",
    ]);
    expect(new Set(announced.map(({ foundation, protocol }) => foundation + protocol)).size).toBe(4);
  });
});
