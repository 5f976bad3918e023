import { monotonicUs } from "@verbatim/hands/monotonic";
import { recordingOff } from "@verbatim/shared/recording/view";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callState, recording } from "../test/call-state.ts";
import {
  eventually,
  join,
  openService,
  openSignal,
  openTapSocket,
  people,
  sign,
  startTestSfu,
  type TestSfu,
  type Message,
} from "../test/harness.ts";

let sfu: TestSfu;
beforeAll(async () => {
  sfu = await startTestSfu();
});
afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

describe("the api's word", () => {
  it("is stamped once, passed to captures at once and shown to everybody", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    await using capture = await openTapSocket(sfu);
    await using host = await join(sfu, call.ticket());
    const beforeUs = monotonicUs();
    const first = await api.request("call", { call: callState(call, { recording: recording("recording") }) });
    const [started] = first.accepted.transitions;
    expect(started.atUs).toBeGreaterThan(beforeUs);
    expect(started.atUs).toBeLessThan(monotonicUs());
    expect(first.accepted).toMatchObject({ revision: 1, clock: { startUs: started.atUs } });
    const told = await capture.until((m) => m.type === "call" && m.interviewId === call.interviewId && m.recording);
    expect(told.recording).toMatchObject({ clock: first.accepted.clock, transitions: [started] });
    expect(told.language).toBe("en");
    expect(told.keyTerms).toEqual(["Kubernetes"]);
    await host.until((m) => m.type === "room" && m.room.title === "Backend engineer");

    const next = { revision: 2, recording: recording("recording", "paused") };
    const second = await api.request("call", { call: callState(call, next) });
    const again = await api.request("call", { call: callState(call, next) });
    expect(second.accepted.transitions[0]).toEqual(started);
    expect(again.accepted).toEqual(second.accepted);
    // An older word changes nothing and hears what stands.
    const older = await api.request("call", { call: callState(call, { title: "Older" }) });
    expect(older.accepted).toEqual(second.accepted);
  });

  it("keeps a call for captures until its recording is closed, with nobody in it", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    await using capture = await openTapSocket(sfu);
    const mine = (m: Message) => m.interviewId === call.interviewId;
    await api.request("call", { call: callState(call, { recording: recording("recording") }) });
    await capture.until((m) => m.type === "call" && mine(m));
    await api.request("call", { call: callState(call, { revision: 2, recording: recording("recording", "closed") }) });
    await capture.until((m) => m.type === "call-gone" && mine(m));
  });

  it("has captures told which calls there are, by a restarted sfu only after the api has named them", async () => {
    await using restarted = await startTestSfu();
    const [held, closed, untold] = [people(), people(), people()];
    await using capture = await openTapSocket(restarted);
    await using host = await join(restarted, held.ticket());
    await capture.until((m) => m.type === "call");
    await using api = await openService(restarted, "control");
    await api.request("call", { call: callState(closed, { recording: recording("recording", "closed") }) });
    const named = (m: Message) => m.type === "calls";
    await using early = await openTapSocket(restarted);
    await early.request("ping");
    expect([...capture.received, ...early.received].filter(named)).toEqual([]);

    await api.request("calls", { interviewIds: [closed.interviewId, untold.interviewId] });
    await using late = await openTapSocket(restarted);
    const there = { type: "calls", interviewIds: [held.interviewId, untold.interviewId] };
    for (const peer of [capture, early, late]) expect(await peer.until(named)).toEqual(there);

    await api.request("call", { call: callState(untold) });
    await host.request("leave");
    await using last = await openTapSocket(restarted);
    expect(await last.until(named)).toEqual({ type: "calls", interviewIds: [] });
  });

  it("sends captions to the candidate: their own words, and others' when that is allowed", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    const host = call.ticket();
    const candidate = call.ticket({ role: "candidate", admitted: true });
    await using hostPeer = await join(sfu, host);
    await using candidatePeer = await join(sfu, candidate);
    const caption = (seatId: string, text: string) =>
      api.send({ type: "caption", interviewId: call.interviewId, seatId, text, final: true });
    await api.request("call", { call: callState(call, { ownCaptions: false }) });
    caption(candidate.seatId, "a machine's guess");
    await api.request("call", { call: callState(call, { revision: 2 }) });
    caption(host.seatId, "not for you");
    caption(candidate.seatId, "my own");
    const allowed = { captionsForCandidate: true, ownCaptions: false };
    await api.request("call", { call: callState(call, { revision: 3, ...allowed }) });
    caption(candidate.seatId, "a guess that is allowed");
    caption(host.seatId, "allowed");
    await candidatePeer.until((m) => m.type === "caption" && m.text === "allowed");
    const told = () => candidatePeer.received.filter((m) => m.type === "caption");
    expect(told().map((m) => m.text)).toEqual(["my own", "a guess that is allowed", "allowed"]);
    // Taken back, what others said goes at once; one's own words stay.
    await api.request("call", { call: callState(call, { revision: 4 }) });
    await candidatePeer.until((m) => m.type === "caption" && m.text === "");
    expect(told().slice(3)).toEqual([{ type: "caption", seatId: host.seatId, text: "", final: true }]);
    expect(hostPeer.received.filter((m) => m.type === "caption")).toEqual([]);
  });
});

describe("a room's report", () => {
  it("tells each change, with the moment it happened, and everything again to an api that comes back", async () => {
    const call = people();
    const api = await openService(sfu, "control");
    const ticket = call.ticket();
    const beforeUs = monotonicUs();
    const host = await join(sfu, ticket);
    const mine = (m: Message) => m.type === "room" && m.interviewId === call.interviewId;
    await api.until((m) => mine(m) && m.presence.length === 1);
    await using _observer = await join(sfu, call.ticket({ role: "observer" }));
    await host.request("leave");
    const last = await api.until((m) => mine(m) && m.presence.length === 2);
    expect(last.presence.map((p: Message) => p.presence)).toEqual(["here", "left"]);
    expect(last.presence[0].atUs).toBeGreaterThan(beforeUs);
    api.socket.terminate();
    await api.closed;
    await using next = await openService(sfu, "control");
    const again = await next.until(mine);
    expect(again.presence).toEqual(last.presence);
    expect(again.participants).toHaveLength(2);
  });

  it("dates an absence from the loss, and others read of it after 3 s", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    const mine = (m: Message) => m.type === "room" && m.interviewId === call.interviewId;
    const ticket = call.ticket();
    await using observer = await join(sfu, call.ticket({ role: "observer" }));
    const host = await join(sfu, ticket);
    const lostUs = monotonicUs();
    const lostMs = Date.now();
    host.socket.terminate();
    const report = await api.until((m) => mine(m) && m.presence.some((p: Message) => p.presence === "away"));
    expect(report.presence.at(-1).atUs - lostUs).toBeLessThan(200_000);
    expect(report.participants.find((p: Message) => p.seatId === ticket.seatId).presence).toBe("here");
    await observer.until((m) => m.type === "room" && m.room.participants.some((p: Message) => p.presence === "away"));
    expect(Date.now() - lostMs).toBeGreaterThan(2_900);
    expect(Date.now() - lostMs).toBeLessThan(3_500);
    await using _back = await join(sfu, call.ticket({ ...ticket, jti: crypto.randomUUID() }));
    await api.until((m) => mine(m) && m.presence.length === 3 && m.presence[2].presence === "here");
  });

  it("stays small when a page comes and goes without end, which is turned away when it comes too often", async () => {
    const call = people();
    await using api = await openService(sfu, "control");
    const mine = (m: Message) => m.type === "room" && m.interviewId === call.interviewId;
    await using host = await join(sfu, call.ticket());
    const ticket = call.ticket({ role: "candidate", admitted: true });
    const codes = new Map<number, number>();
    for (let n = 0; n < 200; n++) {
      const peer = await openSignal(sfu);
      peer.send({ type: "hello", id: 1, protocol: 1, ticket: await sign({ ...ticket, jti: crypto.randomUUID() }) });
      await Promise.race([peer.until((m) => m.type === "ok"), peer.closed]);
      peer.socket.terminate();
      const { code } = await peer.closed;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes.get(4429)).toBeGreaterThan(100);
    expect((codes.get(1006) ?? 0) + (codes.get(4429) ?? 0)).toBe(200);
    // The host is not touched, the link stands, and who waits a moment comes in again.
    expect(await host.request("ping")).toMatchObject({ type: "ok" });
    await eventually(async () => {
      const peer = await openSignal(sfu);
      peer.send({ type: "hello", id: 1, protocol: 1, ticket: await sign({ ...ticket, jti: crypto.randomUUID() }) });
      const welcome = await Promise.race([
        peer.until((m) => m.type === "ok").then(Boolean),
        peer.closed.then(() => false),
      ]);
      await peer[Symbol.asyncDispose]();
      return welcome;
    });
    expect(api.socket.readyState).toBe(api.socket.OPEN);
    const sizes = api.received.filter(mine).map((m) => JSON.stringify(m).length);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
  });

  it("notices a person from whom nothing is heard, though the socket is open", async () => {
    const call = people();
    await using observer = await join(sfu, call.ticket({ role: "observer" }));
    const ticket = call.ticket();
    await using host = await join(sfu, ticket);
    // A path that eats every packet: neither pongs nor frames.
    host.socket.pause();
    const seen = (presence: string) => (m: Message) =>
      m.type === "room" &&
      m.room.participants.some((p: Message) => p.seatId === ticket.seatId && p.presence === presence);
    await observer.until(seen("away"));
    observer.received.length = 0;
    host.socket.resume();
    await observer.until(seen("here"));
  });
});

it("figures stay as old as they are: without the api everybody is told when they were measured, and what time it is", async () => {
  const call = people();
  const measuredAtMs = Date.now() - 60_000;
  const api = await openService(sfu, "control");
  await api.request("call", { call: callState(call, { view: { ...recordingOff, lamp: "safe", measuredAtMs } }) });
  api.socket.terminate();
  await api.closed;
  await using late = await join(sfu, call.ticket());
  const { recording: shown, serverNowMs } = late.welcome.room;
  expect(shown).toMatchObject({ lamp: "safe", measuredAtMs });
  expect(Math.abs(serverNowMs - Date.now())).toBeLessThan(2_000);
});

it("the api's absence changes nothing in a call", async () => {
  const call = people();
  const api = await openService(sfu, "control");
  await using host = await join(sfu, call.ticket());
  await api.request("call", { call: callState(call, { recording: recording("recording") }) });
  api.socket.terminate();
  await api.closed;
  expect(await host.request("ping")).toMatchObject({ type: "ok" });
  await using capture = await openTapSocket(sfu);
  await eventually(() => capture.received.some((m) => m.interviewId === call.interviewId && m.recording !== null));
});
