import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { capabilities, opus, vp8 } from "../test/media.ts";
import type { MediaEngine, MediaRoom, MediaRoomEvents } from "./engine.ts";

/** What a test needs of an engine beyond its interface: a way in for packets that no browser sends. */
export type EngineUnderTest = AsyncDisposable & {
  readonly engine: MediaEngine;
  /** A speaker in the room's own engine, loud enough for its levels; `send` gives 20 ms. */
  speak(room: MediaRoom): Promise<{ readonly producerId: string; send(): void; close(): void }>;
  /** Kills the process behind the only worker. */
  crash(): void;
};

const quiet: MediaRoomEvents = { lost: () => undefined, levels: () => undefined };

/** The facts any engine must show. `make` gives one with a single worker. */
export function engineContract(make: () => Promise<EngineUnderTest>): void {
  it("offers Opus with in-band FEC, NACK and without DTX, VP8 and H264", async () => {
    await using under = await make();
    const { codecs = [] } = (await under.engine.createRoom(quiet)).rtpCapabilities;
    const of = (mimeType: string) => codecs.find((codec) => codec.mimeType.toLowerCase() === mimeType);
    expect(of("audio/opus")?.parameters).toMatchObject({ useinbandfec: 1, usedtx: 0 });
    expect(of("audio/opus")?.rtcpFeedback?.map(({ type }) => type)).toContain("nack");
    expect(of("video/vp8")).toBeDefined();
    expect(of("video/h264")).toBeDefined();
    expect((await under.engine.rtpCapabilities()).codecs).toEqual(codecs);
  });

  it("announces loopback over UDP and TCP, and one port for all transports of a worker", async () => {
    await using under = await make();
    const room = await under.engine.createRoom(quiet);
    const all = await Promise.all([room.createTransport("send"), room.createTransport("recv")]);
    const candidates = all.flatMap(({ parameters }) => parameters.iceCandidates);
    for (const protocol of ["udp", "tcp"] as const) {
      const local = candidates.filter((one) => one.protocol === protocol && one.address === "127.0.0.1");
      expect(local).toHaveLength(2);
      expect(new Set(local.map(({ port }) => port)).size).toBe(1);
    }
  });

  it("gives fresh ICE parameters on restart and closes twice without complaint", async () => {
    await using under = await make();
    const room = await under.engine.createRoom(quiet);
    const transport = await room.createTransport("recv");
    const before = transport.parameters.iceParameters.usernameFragment;
    expect((await transport.restartIce()).iceParameters.usernameFragment).not.toBe(before);
    transport.close();
    transport.close();
    await expect(transport.restartIce()).rejects.toThrow();
    room.close();
    room.close();
  });

  it("says which codec a producer sends, and refuses what does not fit its medium", async () => {
    await using under = await make();
    const transport = await (await under.engine.createRoom(quiet)).createTransport("send");
    const produce = (medium: "audio" | "camera", rtpParameters = opus()) =>
      transport.produce({ medium, rtpParameters, muted: false, onFlowing: () => undefined });
    expect((await produce("audio")).codec).toEqual({ name: "opus", clockRate: 48_000, channels: 2 });
    expect((await produce("camera", vp8())).codec).toMatchObject({ name: "vp8", clockRate: 90_000 });
    await expect(produce("camera")).rejects.toMatchObject({ code: "input.invalid" });
    await expect(produce("audio", vp8())).rejects.toMatchObject({ code: "input.invalid" });
  });

  it("is not told beside a picture how it is rotated, nor when it was taken", async () => {
    await using under = await make();
    const { rtpCapabilities } = await under.engine.createRoom(quiet);
    const told = (rtpCapabilities.headerExtensions ?? []).map(({ uri }) => uri);
    expect(told).not.toContain("urn:3gpp:video-orientation");
    expect(told.filter((uri) => uri.endsWith("abs-capture-time"))).toEqual([]);
  });

  it("consumes paused and refuses a browser without the codec", async () => {
    await using under = await make();
    const room = await under.engine.createRoom(quiet);
    const speaker = await under.speak(room);
    const transport = await room.createTransport("recv");
    const consumer = await transport.consume({ producerId: speaker.producerId, rtpCapabilities: capabilities });
    expect(consumer.rtpParameters.codecs[0]?.mimeType).toBe("audio/opus");
    await consumer.resume();
    await consumer.preferLayer(1); // Nothing to choose; not an error.
    await expect(
      transport.consume({ producerId: speaker.producerId, rtpCapabilities: { codecs: [], headerExtensions: [] } }),
    ).rejects.toMatchObject({ code: "input.invalid" });
  });

  it("taps a producer: encrypted, to that port, from resume on, until the producer ends", async () => {
    await using under = await make();
    const room = await under.engine.createRoom(quiet);
    const speaker = await under.speak(room);
    await using port = await openPort();
    let closed = 0;
    const tap = await room.openTap({
      producerId: speaker.producerId,
      ip: "127.0.0.1",
      port: port.number,
      srtp: { cryptoSuite: "AEAD_AES_256_GCM", keyBase64: randomBytes(44).toString("base64") },
      onClosed: () => closed++,
    });
    expect(tap.srtp.cryptoSuite).toBe("AEAD_AES_256_GCM");
    await speakFor(speaker, 10);
    expect(port.rtp(tap.payloadType)).toEqual([]);
    await tap.resume();
    await speakUntil(speaker, () => port.rtp(tap.payloadType).length >= 5);
    const [packet] = port.rtp(tap.payloadType);
    expect(packet?.readUInt32BE(8)).toBe(tap.ssrc);
    expect(packet?.includes("every word")).toBe(false);
    speaker.close();
    await speakUntil(speaker, () => closed === 1);
  });

  it("tells who is loud and who dominates, and silence once", async () => {
    await using under = await make();
    const heard: [string | null, number][] = [];
    const room = await under.engine.createRoom({
      ...quiet,
      levels: (active, levels) => heard.push([active, levels.length]),
    });
    const speaker = await under.speak(room);
    await speakUntil(speaker, () => heard.some(([active, count]) => count === 1 && active === speaker.producerId));
    await speakUntil({ send: () => undefined }, () => heard.at(-1)?.[1] === 0);
  });

  it("proves a path over one protocol alone", async () => {
    await using under = await make();
    for (const protocol of ["udp", "tcp"] as const) {
      const probe = await under.engine.createProbe(protocol);
      expect(new Set(probe.parameters.iceCandidates.map((one) => one.protocol))).toEqual(new Set([protocol]));
      expect(probe.parameters.sctpParameters?.port).toEqual(expect.any(Number));
      expect(await probe.produceData({ streamId: 0, ordered: true })).toEqual(expect.any(String));
      probe.close();
    }
  });

  it("says once that a room is lost when its process dies, and makes the next one on a living one", async () => {
    await using under = await make();
    const next = Promise.withResolvers<MediaRoom>();
    let lost = 0;
    const room = await under.engine.createRoom({
      ...quiet,
      lost() {
        lost++;
        // In the same breath, as a room does it: the dead process must not be chosen again.
        next.resolve(under.engine.createRoom(quiet));
      },
    });
    const transport = await room.createTransport("recv");
    under.crash();
    await (await next.promise).createTransport("recv");
    await expect(transport.restartIce()).rejects.toThrow();
    expect(lost).toBe(1);
    expect(under.engine.ready).toBe(true);
  });
}

type Speaking = { send(): void };

async function speakFor(speaker: Speaking, packets: number): Promise<void> {
  for (let i = 0; i < packets; i++) {
    speaker.send();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function speakUntil(speaker: Speaking, holds: () => boolean, packets = 250): Promise<void> {
  for (let i = 0; i < packets && !holds(); i++) await speakFor(speaker, 1);
  expect(holds()).toBe(true);
}

async function openPort() {
  const socket: Socket = createSocket("udp4");
  const packets: Buffer[] = [];
  socket.on("message", (packet) => packets.push(packet));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    number: socket.address().port,
    /** Received RTP; sender reports share the port. */
    rtp: (payloadType: number) => packets.filter((packet) => ((packet[1] ?? 0) & 0x7f) === payloadType),
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
}
