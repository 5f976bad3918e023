import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  eventually,
  ids,
  join,
  openService,
  openTapSocket,
  people,
  startTestSfu,
  type TestSfu,
  type Message,
} from "../test/harness.ts";
import { callState } from "../test/call-state.ts";
import { opus } from "../test/media.ts";

let sfu: TestSfu;
beforeAll(async () => {
  sfu = await startTestSfu();
});
afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

const srtp = () => ({ cryptoSuite: "AEAD_AES_256_GCM", keyBase64: randomBytes(44).toString("base64") });

async function speaker(call = people(), more: object = {}) {
  const ticket = call.ticket({ role: "candidate", admitted: true, ...more });
  const peer = await join(sfu, ticket);
  const transportId = peer.welcome.session.send.id;
  const { producerId } = await peer.request("produce", {
    transportId,
    medium: "audio",
    rtpParameters: opus(),
    muted: false,
  });
  return { call, ticket, peer, producerId };
}

describe("a capture", () => {
  it("hears of a speaking track, opens it, and is told when it is muted and gone", async () => {
    await using capture = await openTapSocket(sfu);
    const { call, ticket, peer, producerId } = await speaker();
    const mine = (m: Message) => m.type === "call" && m.interviewId === call.interviewId;
    const told = await capture.until((m) => mine(m) && m.tracks.length === 1);
    expect(told.tracks[0]).toEqual({
      producerId,
      trackId: `${ticket.seatId}-audio`,
      seatId: ticket.seatId,
      role: "candidate",
      kind: "audio",
      codec: "opus",
      clockRate: 48_000,
      channels: 2,
      muted: false,
    });
    expect(told.seats).toEqual([
      { seatId: ticket.seatId, role: "candidate", presence: "here", sinceUs: expect.any(Number) },
    ]);
    const open = { interviewId: call.interviewId, producerId, ip: "127.0.0.1", port: 50_000, srtp: srtp() };
    const { tap } = await capture.request("open", open);
    expect(tap).toMatchObject({ ssrc: expect.any(Number), payloadType: expect.any(Number) });
    expect(tap.srtp.cryptoSuite).toBe("AEAD_AES_256_GCM");
    expect(Buffer.from(tap.srtp.keyBase64, "base64")).toHaveLength(44);
    expect(await capture.request("resume", { tapId: tap.tapId })).toMatchObject({ type: "ok" });
    // A twin opens the same track for itself.
    await using twin = await openTapSocket(sfu);
    expect(await twin.request("open", { ...open, srtp: srtp() })).toMatchObject({ type: "ok" });

    await peer.request("mute", { producerId, muted: true });
    await capture.until((m) => mine(m) && m.tracks[0]?.muted === true);
    await peer.request("leave");
    await capture.until((m) => m.type === "call-gone" && m.interviewId === call.interviewId);
    expect(await capture.request("resume", { tapId: tap.tapId })).toMatchObject({ type: "error", code: "not_found" });
  });

  it("is offered nothing of a person who has not accepted the notice, and refused when it asks", async () => {
    await using capture = await openTapSocket(sfu);
    const { call, peer, producerId } = await speaker(people(), { consented: false });
    const told = await capture.until((m) => m.type === "call" && m.interviewId === call.interviewId);
    expect(told.tracks).toEqual([]);
    const open = { interviewId: call.interviewId, producerId, ip: "127.0.0.1", port: 50_000, srtp: srtp() };
    expect(await capture.request("open", open)).toMatchObject({ code: "consent.required" });
    await peer[Symbol.asyncDispose]();
  });

  it("loses the track of a person who withdraws, whose next tap is refused, until they agree again", async () => {
    await using capture = await openTapSocket(sfu);
    await using api = await openService(sfu, "control");
    const { call, ticket, peer, producerId } = await speaker();
    const mine = (tracks: number) => (m: Message) =>
      m.type === "call" && m.interviewId === call.interviewId && m.tracks.length === tracks;
    await capture.until(mine(1));
    const say = (revision: number, consented: boolean) => {
      const seats = [{ seatId: ticket.seatId, removed: false, consented }];
      return api.request("call", { call: callState(call, { revision, seats }) });
    };
    const open = () =>
      capture.request("open", {
        interviewId: call.interviewId,
        producerId,
        ip: "127.0.0.1",
        port: 50_000,
        srtp: srtp(),
      });
    capture.received.length = 0;
    await say(1, false);
    await capture.until(mine(0));
    expect(await open()).toMatchObject({ code: "consent.required" });
    await peer.until(
      (m) => m.type === "room" && m.room.participants.some((p: Message) => p.seatId === ticket.seatId && !p.consented),
    );
    await say(2, true);
    await capture.until(mine(1));
    expect(await open()).toMatchObject({ type: "ok" });
    await peer[Symbol.asyncDispose]();
  });

  it("cannot have sound sent off the host, nor ask for what is not there", async () => {
    await using capture = await openTapSocket(sfu);
    const { call, peer, producerId } = await speaker();
    const open = { interviewId: call.interviewId, producerId, ip: "127.0.0.1", port: 50_000, srtp: srtp() };
    for (const [wrong, code] of [
      [{ ip: "10.0.0.1" }, "input.invalid"],
      [{ ip: "localhost" }, "input.invalid"],
      [{ producerId: "nothing" }, "not_found"],
      [{ interviewId: ids.interview() }, "not_found"],
      [{ srtp: { ...srtp(), keyBase64: "short" } }, "input.invalid"],
    ] as const) {
      expect(await capture.request("open", { ...open, ...wrong }), JSON.stringify(wrong)).toMatchObject({ code });
    }
    await peer[Symbol.asyncDispose]();
  });

  it("takes its taps with it when its socket closes, and no one else's", async () => {
    const one = await openTapSocket(sfu);
    await using other = await openTapSocket(sfu);
    const { call, peer, producerId } = await speaker();
    const open = { interviewId: call.interviewId, producerId, ip: "127.0.0.1", port: 50_000 };
    await one.request("open", { ...open, srtp: srtp() });
    const { tap } = await other.request("open", { ...open, srtp: srtp() });
    one.socket.terminate();
    await eventually(() => sfu.lines.some(({ event, fields }) => event === "capture.gone" && fields["taps"] === 1));
    expect(await other.request("resume", { tapId: tap.tapId })).toMatchObject({ type: "ok" });
    await peer[Symbol.asyncDispose]();
  });

  it("measures the offset of two hosts' clocks", async () => {
    await using capture = await openTapSocket(sfu);
    const hello = capture.received.find((m) => m.type === "ok" && m.bootId);
    const pong = await capture.request("ping");
    expect(pong.nowUs).toBeGreaterThan(hello.nowUs);
  });
});
