import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  eventually,
  ids,
  join,
  openService,
  people,
  startTestSfu,
  type TestSfu,
  type Message,
} from "../test/harness.ts";
import { callState } from "../test/call-state.ts";
import { capabilities, opus, vp8 } from "../test/media.ts";

let sfu: TestSfu;
beforeAll(async () => {
  sfu = await startTestSfu();
});
afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

const workersOf = async (of: TestSfu): Promise<Message> =>
  await (await fetch(`http://127.0.0.1:${of.internalPort}/workers`)).json();

const inRoom = (seatId: string, presence: string) => (message: Message) =>
  message.type === "room" &&
  message.room.participants.some((p: Message) => p.seatId === seatId && p.presence === presence);

describe("coming in", () => {
  it("answers hello with everything that media needs: one round trip", async () => {
    await using host = await join(sfu, people().ticket());
    expect(host.welcome).toMatchObject({ protocol: 1, role: "interviewer", phase: "in" });
    const { session } = host.welcome;
    expect(session.routerRtpCapabilities.codecs.map((codec: Message) => codec.mimeType)).toEqual(
      expect.arrayContaining(["audio/opus", "video/VP8", "video/H264"]),
    );
    const opusCodec = session.routerRtpCapabilities.codecs[0];
    expect(opusCodec.parameters).toMatchObject({ useinbandfec: 1, usedtx: 0 });
    expect(opusCodec.rtcpFeedback).toContainEqual(expect.objectContaining({ type: "nack" }));
    expect(session.send.iceCandidates.map((c: Message) => `${c.address} ${c.protocol}`)).toEqual(
      expect.arrayContaining(["127.0.0.1 udp", "127.0.0.1 tcp"]),
    );
    expect(host.welcome.room.participants).toHaveLength(1);
  });

  it("arranges what is received while what is sent is still being arranged", async () => {
    await using host = await join(sfu, people().ticket());
    const transportId = host.welcome.session.send.id;
    const answered: string[] = [];
    await Promise.all(
      [
        host.request("produce", { transportId, medium: "audio", rtpParameters: opus(), muted: false }),
        host.request("close-producer", { producerId: crypto.randomUUID() }),
        host.request("resume-consumer", { consumerId: crypto.randomUUID() }),
      ].map(async (answer, n) => {
        await answer;
        answered.push(["produced", "closed", "resumed"][n] ?? "");
      }),
    );
    expect(answered).toEqual(["resumed", "produced", "closed"]);
  });

  it("gives an observer no way to send, refuses produce and leaves a trace", async () => {
    const call = people();
    const ticket = call.ticket({ role: "observer" });
    await using observer = await join(sfu, ticket);
    await using host = await join(sfu, call.ticket());
    expect(observer.welcome.session.send).toBeNull();
    for (const transportId of [observer.welcome.session.recv.id, host.welcome.session.send.id]) {
      const answer = await observer.request("produce", {
        transportId,
        medium: "audio",
        rtpParameters: opus(),
        muted: false,
      });
      expect(answer).toMatchObject({ type: "error", code: "auth.forbidden" });
    }
    expect(sfu.lines).toContainEqual(
      expect.objectContaining({
        event: "produce.refused",
        fields: expect.objectContaining({ seatId: ticket.seatId, interviewId: call.interviewId }),
      }),
    );
  });

  it("lets exactly five of fifty observers in who come at the same moment, and says why to the others", async () => {
    const call = people();
    const all = await Promise.all(Array.from({ length: 50 }, () => join(sfu, call.ticket({ role: "observer" }))));
    const inside = all.filter((peer) => peer.welcome);
    expect(inside).toHaveLength(5);
    const refusals = await Promise.all(all.filter((peer) => !peer.welcome).map((peer) => peer.closed));
    expect(new Set(refusals.map(({ code, reason }) => `${code} ${reason}`))).toEqual(new Set(["4414 observers.full"]));
    // A place that was left for good is free again; one that was lost is not.
    inside[0]!.socket.close();
    await inside[0]!.closed;
    const late = await join(sfu, call.ticket({ role: "observer" }));
    expect(await late.closed).toMatchObject({ code: 4414 });
    await inside[1]!.request("leave");
    await using next = await join(sfu, call.ticket({ role: "observer" }));
    expect(next.welcome.phase).toBe("in");
    for (const peer of inside) peer.socket.terminate();
  });

  it("keeps a candidate at the door until a host admits: seeing hosts alone, hearing nobody", async () => {
    const call = people();
    const hostTicket = call.ticket();
    await using host = await join(sfu, hostTicket);
    await using observer = await join(sfu, call.ticket({ role: "observer" }));
    const ticket = call.ticket({ role: "candidate" });
    await using candidate = await join(sfu, ticket);
    expect(candidate.welcome).toMatchObject({ phase: "waiting", session: null, secondDevice: false });
    expect(candidate.welcome.room.participants.map((p: Message) => p.seatId)).toEqual([hostTicket.seatId]);
    expect(await candidate.request("consume", { rtpCapabilities: capabilities })).toMatchObject({
      code: "auth.forbidden",
    });
    expect(await candidate.request("renew-session")).toMatchObject({ code: "auth.forbidden" });

    const { seatId, deviceId } = ticket;
    const knock = await host.until((m) => m.type === "room" && m.room.knocks.length > 0);
    expect(knock.room.knocks).toEqual([{ seatId, deviceId, name: ticket.name, secondDevice: false }]);
    await observer.until(inRoom(seatId, "knocking"));
    expect(observer.received.every((m) => m.type !== "room" || m.room.knocks.length === 0)).toBe(true);
    expect(await observer.request("admit", { seatId, deviceId })).toMatchObject({ code: "auth.forbidden" });
    expect(await candidate.request("admit", { seatId, deviceId })).toMatchObject({ code: "auth.forbidden" });

    expect(await host.request("admit", { seatId, deviceId })).toMatchObject({ type: "ok" });
    const admitted = await candidate.until((m) => m.type === "admitted");
    expect(admitted.session.send).not.toBeNull();
    await observer.until(inRoom(seatId, "here"));
    // The room remembers it.
    await candidate.request("leave");
    await candidate.closed;
    await using again = await join(sfu, call.ticket({ ...ticket, jti: crypto.randomUUID() }));
    expect(again.welcome.phase).toBe("in");
  });

  it("tells those who are in how many messages the chat has, and nobody who waits", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    await using host = await join(sfu, call.ticket());
    await using candidate = await join(sfu, call.ticket({ role: "candidate" }));
    await api.request("call", { call: callState(call, { chat: 3 }) });
    await host.until((m) => m.type === "room" && m.room.chat === 3);
    await using observer = await join(sfu, call.ticket({ role: "observer" }));
    expect(observer.welcome.room.chat).toBe(3);
    await candidate.until((m) => m.type === "room");
    expect(candidate.received.filter((m) => m.type === "room" && "chat" in m.room)).toEqual([]);
  });

  it("turns a knocking person away", async () => {
    const call = people();
    await using host = await join(sfu, call.ticket());
    const ticket = call.ticket({ role: "candidate" });
    await using candidate = await join(sfu, ticket);
    await host.request("deny", { seatId: ticket.seatId, deviceId: ticket.deviceId });
    expect(await candidate.closed).toMatchObject({ code: 4412 });
    await host.until((m) => m.type === "room" && m.room.knocks.length === 0);
  });

  it("passes a host's wish for a microphone on to that person alone, and nobody else's wish", async () => {
    const call = people();
    const hostTicket = call.ticket();
    await using host = await join(sfu, hostTicket);
    const ticket = call.ticket({ role: "candidate", admitted: true });
    await using candidate = await join(sfu, ticket);
    const listens = call.ticket({ role: "observer" });
    await using observer = await join(sfu, listens);
    const ask = { seatId: ticket.seatId, muted: true };
    for (const other of [candidate, observer]) {
      expect(await other.request("ask-microphone", ask)).toMatchObject({ type: "error", code: "auth.forbidden" });
    }
    expect(await host.request("ask-microphone", { ...ask, seatId: listens.seatId })).toMatchObject({
      code: "not_found",
    });
    expect(await host.request("ask-microphone", ask)).toMatchObject({ type: "ok" });
    const asked = await candidate.until((m) => m.type === "microphone-asked");
    expect(asked).toEqual({ type: "microphone-asked", muted: true, byName: hostTicket.name });
    for (const other of [host, observer]) {
      expect(other.received.filter((m) => m.type === "microphone-asked")).toEqual([]);
    }
  });

  it("refuses a ticket that is used, forged, too old, for documents or for another tenant's call", async () => {
    const call = people();
    const ticket = call.ticket();
    await using host = await join(sfu, ticket);
    expect(await (await join(sfu, ticket)).closed).toMatchObject({ code: 4401 });
    const now = Math.floor(Date.now() / 1_000);
    for (const bad of [{ exp: now - 10 }, { exp: now + 3_600 }, { aud: "document" as const }]) {
      expect(await (await join(sfu, call.ticket(bad))).closed).toMatchObject({ code: 4401 });
    }
    expect(await (await join(sfu, call.ticket({ tenantId: ids.tenant() }))).closed).toMatchObject({ code: 4404 });
    expect(await host.request("ping")).toMatchObject({ type: "ok" });
  });
});

it("everybody reads that several people sit at one microphone, in its name too", async () => {
  const call = people();
  const ticket = call.ticket({ role: "candidate", admitted: true });
  await using candidate = await join(sfu, ticket);
  await using observer = await join(sfu, call.ticket({ role: "observer" }));
  await using api = await openService(sfu, "control");
  await api.request("call", { call: callState(call, { several: [ticket.seatId] }) });
  for (const one of [candidate, observer]) {
    const { room } = await one.until((m) => m.type === "room" && m.room.participants.some((p: Message) => p.several));
    const marked = room.participants.filter((p: Message) => p.several);
    expect(marked).toMatchObject([{ seatId: ticket.seatId, name: `${ticket.name} and others` }]);
  }
});

describe("a seat's devices", () => {
  it("gives the seat to a second tab of the same device and tells the first why it ended", async () => {
    const call = people();
    const ticket = call.ticket({ role: "candidate", admitted: true });
    await using first = await join(sfu, ticket);
    await using second = await join(sfu, call.ticket({ ...ticket, jti: crypto.randomUUID() }));
    expect(await first.closed).toEqual({ code: 4410, reason: "seat.taken_over" });
    expect(second.welcome.phase).toBe("in");
    expect(second.welcome.room.participants).toHaveLength(1);
  });

  it("asks the host before another device takes a candidate's seat; nobody is thrown out meanwhile", async () => {
    const call = people();
    await using host = await join(sfu, call.ticket());
    const ticket = call.ticket({ role: "candidate", admitted: true });
    await using laptop = await join(sfu, ticket);
    const phoneTicket = call.ticket({ ...ticket, jti: crypto.randomUUID(), deviceId: ids.device() });
    await using phone = await join(sfu, phoneTicket);
    expect(phone.welcome).toMatchObject({ phase: "waiting", session: null, secondDevice: true });
    const knock = await host.until((m) => m.type === "room" && m.room.knocks.length > 0);
    expect(knock.room.knocks[0]).toMatchObject({ seatId: ticket.seatId, secondDevice: true });
    expect(await laptop.request("ping")).toMatchObject({ type: "ok" });

    await host.request("admit", { seatId: ticket.seatId, deviceId: phoneTicket.deviceId });
    await phone.until((m) => m.type === "admitted");
    expect(await laptop.closed).toMatchObject({ code: 4410 });
  });

  it("keeps the candidate's device bound while it is away: the second one still asks", async () => {
    const call = people();
    await using _host = await join(sfu, call.ticket());
    const ticket = call.ticket({ role: "candidate", admitted: true });
    const laptop = await join(sfu, ticket);
    laptop.socket.terminate();
    await laptop.closed;
    await using phone = await join(sfu, call.ticket({ ...ticket, jti: crypto.randomUUID(), deviceId: ids.device() }));
    expect(phone.welcome.phase).toBe("waiting");
  });
});

describe("media", () => {
  it("offers what others send, before and after one asks, each once, and takes it back", async () => {
    const call = people();
    const speakerTicket = call.ticket();
    await using speaker = await join(sfu, speakerTicket);
    await using listener = await join(sfu, call.ticket({ role: "observer" }));
    const transportId = speaker.welcome.session.send.id;
    const audio = await speaker.request("produce", {
      transportId,
      medium: "audio",
      rtpParameters: opus(),
      muted: false,
    });
    expect(audio.producerId).toEqual(expect.any(String));

    await listener.request("consume", { rtpCapabilities: capabilities });
    const first = await listener.until((m) => m.type === "consumer" && m.medium === "audio");
    expect(first).toMatchObject({ producerId: audio.producerId, seatId: speakerTicket.seatId });
    expect(await listener.request("resume-consumer", { consumerId: first.consumerId })).toMatchObject({ type: "ok" });

    const camera = await speaker.request("produce", {
      transportId,
      medium: "camera",
      rtpParameters: vp8(),
      muted: false,
    });
    const second = await listener.until((m) => m.type === "consumer" && m.medium === "camera");
    await listener.request("consume", { rtpCapabilities: capabilities });
    await listener.until(
      (m) => m.type === "room" && m.room.participants.some((p: Message) => p.microphone === "on" && p.camera),
    );

    await speaker.request("mute", { producerId: audio.producerId, muted: true });
    await listener.until(
      (m) => m.type === "room" && m.room.participants.some((p: Message) => p.microphone === "muted"),
    );
    await speaker.request("close-producer", { producerId: camera.producerId });
    await listener.until((m) => m.type === "consumer-closed" && m.consumerId === second.consumerId);
    expect(listener.received.filter((m) => m.type === "consumer")).toHaveLength(2);
    // One never hears oneself.
    await speaker.request("consume", { rtpCapabilities: capabilities });
    expect(speaker.received.filter((m) => m.type === "consumer")).toEqual([]);
  });

  it("offers it unasked, behind the session, to who said with hello what they can receive; to who waits once they are in", async () => {
    const call = people();
    await using speaker = await join(sfu, call.ticket());
    const { producerId } = await speaker.request("produce", {
      transportId: speaker.welcome.session.send.id,
      medium: "audio",
      rtpParameters: opus(),
      muted: false,
    });
    const said = { rtpCapabilities: capabilities };
    await using observer = await join(sfu, call.ticket({ role: "observer" }), said);
    expect(await observer.until((m) => m.type === "consumer")).toMatchObject({ producerId });
    expect(observer.received[0].welcome.session.recv.id).toEqual(expect.any(String));

    const ticket = call.ticket({ role: "candidate" });
    await using candidate = await join(sfu, ticket, said);
    await speaker.request("produce", {
      transportId: speaker.welcome.session.send.id,
      medium: "camera",
      rtpParameters: vp8(),
      muted: false,
    });
    await observer.until((m) => m.type === "consumer" && m.medium === "camera");
    await speaker.request("admit", { seatId: ticket.seatId, deviceId: ticket.deviceId });
    await candidate.until((m) => m.type === "consumer" && m.medium === "camera");
    const told = candidate.received.map(({ type }) => type).filter((type) => type !== "room" && type !== "levels");
    expect(told).toEqual(["ok", "admitted", "consumer", "consumer"]);

    // Asked once more, as pages do, it is offered no second time.
    await candidate.request("consume", said);
    await candidate.request("ping");
    expect(candidate.received.filter((m) => m.type === "consumer")).toHaveLength(2);
  });

  it("tells that a phone paused somebody, also after the connection was lost, until they are back", async () => {
    const call = people();
    const ticket = call.ticket();
    const speaker = await join(sfu, ticket);
    await using listener = await join(sfu, call.ticket({ role: "observer" }));
    const reads = (paused: true | undefined, presence: string) => (message: Message) =>
      message.type === "room" &&
      message.room.participants.some(
        (p: Message) => p.seatId === ticket.seatId && p.paused === paused && p.presence === presence,
      );
    await speaker.request("pause", { paused: true });
    await listener.until(reads(true, "here"));
    speaker.socket.terminate();
    await listener.until(reads(true, "away"));
    await using _back = await join(sfu, call.ticket({ seatId: ticket.seatId, deviceId: ticket.deviceId }));
    await listener.until(reads(undefined, "here"));
  });

  it("tells a computer that holds the microphone silent apart from a phone", async () => {
    const call = people();
    const ticket = call.ticket();
    await using speaker = await join(sfu, ticket);
    await using listener = await join(sfu, call.ticket({ role: "observer" }));
    const reads = (paused: true | undefined, silenced: true | undefined) => (message: Message) =>
      message.type === "room" &&
      message.room.participants.some(
        (p: Message) => p.seatId === ticket.seatId && p.paused === paused && p.silenced === silenced,
      );
    await speaker.request("pause", { paused: true, by: "system" });
    await listener.until(reads(undefined, true));
    await speaker.request("pause", { paused: true, by: "phone" });
    await listener.until(reads(true, undefined));
    await speaker.request("pause", { paused: false, by: "phone" });
    await listener.until(reads(undefined, undefined));
  });

  it("keeps what a lost websocket's person sends, also when they are back, until they send again", async () => {
    const call = people();
    const ticket = call.ticket();
    const first = await join(sfu, ticket);
    await using listener = await join(sfu, call.ticket({ role: "observer" }));
    await listener.request("consume", { rtpCapabilities: capabilities });
    const produce = (peer: typeof first) =>
      peer.request("produce", {
        transportId: peer.welcome.session.send.id,
        medium: "audio",
        rtpParameters: opus(),
        muted: false,
      });
    await produce(first);
    const heard = await listener.until((m) => m.type === "consumer");
    first.socket.terminate();
    await first.closed;
    await using second = await join(sfu, call.ticket({ ...ticket, jti: crypto.randomUUID() }));
    expect(await listener.request("resume-consumer", { consumerId: heard.consumerId })).toMatchObject({ type: "ok" });
    await produce(second);
    await listener.until((m) => m.type === "consumer" && m.consumerId !== heard.consumerId);
    await listener.until((m) => m.type === "consumer-closed" && m.consumerId === heard.consumerId);
  });

  it("does not let one person use another's transports, producers or consumers", async () => {
    const call = people();
    await using one = await join(sfu, call.ticket());
    await using other = await join(sfu, call.ticket({ role: "co-interviewer" }));
    const transportId = one.welcome.session.send.id;
    const { producerId } = await one.request("produce", {
      transportId,
      medium: "audio",
      rtpParameters: opus(),
      muted: false,
    });
    await other.request("consume", { rtpCapabilities: capabilities });
    const { consumerId } = await other.until((m) => m.type === "consumer");
    for (const [type, fields] of [
      ["produce", { transportId, medium: "audio", rtpParameters: opus(), muted: false }],
      ["mute", { producerId, muted: true }],
      ["close-producer", { producerId }],
      ["restart-ice", { transportId }],
    ] as const) {
      expect(await other.request(type, fields), type).toMatchObject({ type: "error", code: "not_found" });
    }
    expect(await one.request("resume-consumer", { consumerId })).toMatchObject({ type: "error", code: "not_found" });
  });

  it("renews a session and restarts ICE", async () => {
    await using host = await join(sfu, people().ticket());
    const { recv } = host.welcome.session;
    const restarted = await host.request("restart-ice", { transportId: recv.id });
    expect(restarted.iceParameters.usernameFragment).not.toBe(recv.iceParameters.usernameFragment);
    const renewed = await host.request("renew-session");
    expect(renewed.session.recv.id).not.toBe(recv.id);
    expect(await host.request("restart-ice", { transportId: recv.id })).toMatchObject({ code: "not_found" });
  });

  it("offers others' media on the renewed session alone", async () => {
    const call = people();
    await using speaker = await join(sfu, call.ticket());
    await using listener = await join(sfu, call.ticket({ role: "observer" }));
    await listener.request("consume", { rtpCapabilities: capabilities });
    await listener.request("renew-session");
    const produce = (medium: string, rtpParameters: object) =>
      speaker.request("produce", {
        transportId: speaker.welcome.session.send.id,
        medium,
        rtpParameters,
        muted: false,
      });
    const audio = await produce("audio", opus());
    await listener.request("consume", { rtpCapabilities: capabilities });
    await listener.until((m) => m.type === "consumer");
    const camera = await produce("camera", vp8());
    await listener.until((m) => m.type === "consumer" && m.medium === "camera");
    await listener.request("ping");
    const offered = listener.received.filter((m) => m.type === "consumer").map((m) => m.producerId);
    expect(offered).toEqual([audio.producerId, camera.producerId]);
  });

  it("replaces a dead worker: everybody gets a fresh session in the same seat within a second", async () => {
    await using own = await startTestSfu();
    const call = people();
    const speaker = await join(own, call.ticket());
    const listener = await join(own, call.ticket({ role: "observer" }));
    const workers = await workersOf(own);
    const busy = workers.find((worker: Message) => worker.rooms === 1);
    const killedAt = Date.now();
    process.kill(busy.pid, "SIGKILL");
    const [reset] = await Promise.all([
      speaker.until((m) => m.type === "reset"),
      listener.until((m) => m.type === "reset"),
    ]);
    expect(Date.now() - killedAt).toBeLessThan(1_000);
    const produced = await speaker.request("produce", {
      transportId: reset.session.send.id,
      medium: "audio",
      rtpParameters: opus(),
      muted: false,
    });
    expect(produced).toMatchObject({ type: "ok" });
    await listener.request("consume", { rtpCapabilities: capabilities });
    await listener.until((m) => m.type === "consumer" && m.producerId === produced.producerId);
    await eventually(async () => (await workersOf(own)).some((worker: Message) => worker.pid !== busy.pid));
  });
});

describe("the end", () => {
  it("is told to everybody, and nobody comes in after it", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    await using host = await join(sfu, call.ticket());
    await using waiting = await join(sfu, call.ticket({ role: "candidate" }));
    const state = {
      tenantId: call.tenantId,
      interviewId: call.interviewId,
      revision: 1,
      title: "T",
      language: "en",
      startsAtMs: 0,
      durationMinutes: 30,
      recording: null,
      view: (host.welcome.room as Message).recording,
      captionsForCandidate: false,
      ended: true,
    };
    await api.request("call", { call: state });
    for (const peer of [host, waiting]) {
      await peer.until((m) => m.type === "ended");
      expect(await peer.closed).toMatchObject({ code: 4411 });
    }
    expect(await (await join(sfu, call.ticket())).closed).toMatchObject({ code: 4411 });
  });

  it("of a seat by removal closes it within 2 s, also at the door, and its tickets no longer count", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    const ticket = call.ticket({ role: "observer" });
    const knocking = call.ticket({ role: "candidate" });
    await using observer = await join(sfu, ticket);
    await using candidate = await join(sfu, knocking);
    await using host = await join(sfu, call.ticket());
    const removedAt = Date.now();
    const gone = [ticket, knocking].map(({ seatId }) => ({ seatId, removed: true, consented: false }));
    await api.request("call", { call: callState(call, { seats: gone }) });
    for (const peer of [observer, candidate]) {
      expect(await peer.closed).toEqual({ code: 4412, reason: "seat.removed" });
    }
    expect(Date.now() - removedAt).toBeLessThan(2_000);
    const old = await join(sfu, call.ticket({ ...ticket, jti: crypto.randomUUID() }));
    expect(await old.closed).toMatchObject({ code: 4412 });
    const moved = call.ticket({ role: "observer" });
    await using listener = await join(sfu, moved);
    const left = { seatId: moved.seatId, removed: true, moved: true, consented: false } as const;
    await api.request("call", { call: callState(call, { revision: 2, seats: [...gone, left] }) });
    expect(await listener.closed, "by who has a seat to speak now").toEqual({ code: 4417, reason: "seat.moved" });
    expect(host.socket.readyState).toBe(host.socket.OPEN);
  });
});
