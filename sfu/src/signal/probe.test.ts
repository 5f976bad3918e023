import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join, people, startTestSfu, type TestSfu } from "../test/harness.ts";
import { capabilities, opus } from "../test/media.ts";

let sfu: TestSfu;
beforeAll(async () => {
  sfu = await startTestSfu();
});
afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

describe("a device check", () => {
  it("is told what calls speak, gets a transport over the protocol it names, and a data channel on it, outside any call", async () => {
    const call = people();
    await using peer = await join(sfu, call.ticket({ aud: "probe", role: "candidate" }));
    expect(peer.welcome).toMatchObject({ phase: "probe", session: null, room: null });
    for (const protocol of ["udp", "tcp"]) {
      const { transport } = await peer.request("probe-transport", { protocol });
      expect(new Set(transport.iceCandidates.map((c: { protocol: string }) => c.protocol))).toEqual(
        new Set([protocol]),
      );
      expect(transport.sctpParameters.port).toEqual(expect.any(Number));
      const answer = await peer.request("probe-data", {
        transportId: transport.id,
        sctpStreamParameters: { streamId: 0, ordered: false, maxRetransmits: 1 },
      });
      expect(answer.dataProducerId).toEqual(expect.any(String));
    }
    // Nobody in the call learns of it.
    await using host = await join(sfu, call.ticket());
    expect(peer.welcome.routerRtpCapabilities).toEqual(host.welcome.session.routerRtpCapabilities);
    expect(host.welcome.room.participants).toHaveLength(1);
  });

  it("may do nothing else", async () => {
    await using peer = await join(sfu, people().ticket({ aud: "probe", role: "interviewer" }));
    const { transport } = await peer.request("probe-transport", { protocol: "udp" });
    for (const [type, fields] of [
      ["produce", { transportId: transport.id, medium: "audio", rtpParameters: opus(), muted: false }],
      ["consume", { rtpCapabilities: capabilities }],
      ["renew-session", {}],
      ["restart-ice", { transportId: transport.id }],
      ["quality", { level: "good" }],
      ["leave", {}],
      ["admit", { seatId: crypto.randomUUID(), deviceId: crypto.randomUUID() }],
    ] as const) {
      expect(await peer.request(type, fields), type).toMatchObject({ type: "error", code: "auth.forbidden" });
    }
    for (let i = 0; i < 5; i++) await peer.request("probe-transport", { protocol: "tcp" });
    expect(await peer.request("probe-transport", { protocol: "tcp" })).toMatchObject({ code: "rate.limited" });
  });

  it("is not open to a call's connection, nor a call's transports to it", async () => {
    await using host = await join(sfu, people().ticket());
    expect(await host.request("probe-transport", { protocol: "udp" })).toMatchObject({ code: "auth.forbidden" });
  });
});
