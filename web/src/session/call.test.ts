import { InterviewId, SeatId } from "@verbatim/shared/ids";
import { recordingOff } from "@verbatim/shared/recording/view";
import type { RoomView } from "@verbatim/shared/signal/protocol";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CallFailed } from "../api/failure.ts";
import { createBrowserDevice } from "../media/browser-device.ts";
import { createLocalMedia } from "../media/local-media.ts";
import { type FarEnd, socketPair } from "../signal/test/socket-pair.ts";
import { type Call, createCall } from "./call.ts";

const seatId = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const room: RoomView = {
  interviewId: InterviewId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a10"),
  title: "Backend engineer",
  startsAtMs: 0,
  durationMinutes: 45,
  participants: [],
  recording: recordingOff,
  serverNowMs: 50_000,
  knocks: [],
};

let calls: Call[] = [];
beforeEach(() => vi.useFakeTimers({ now: 20_000 }));
afterEach(() => {
  for (const call of calls) call.dispose();
  calls = [];
  vi.useRealTimers();
});

/** A candidate's call up to the door: everything but media, which needs a browser. */
function start(takeTicket?: () => Promise<{ ticket: string; url: string }>, browser = createBrowserDevice()) {
  const ends: FarEnd[] = [];
  let tickets = 0;
  const call = createCall({
    takeTicket: takeTicket ?? (async () => ({ ticket: `ticket ${++tickets}`, url: "ws://sfu/signal" })),
    openSocket: () => {
      const far = socketPair();
      ends.push(far);
      return far.socket;
    },
    local: createLocalMedia(undefined),
    browser,
    now: Date.now,
    layer: 2,
  });
  calls.push(call);
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
  const welcome = async (far: FarEnd): Promise<void> => {
    far.open();
    const hello = far.sent.find(({ type }) => type === "hello");
    const told = { protocol: 1, seatId, role: "candidate", phase: "waiting", session: null, room };
    far.say({ type: "ok", id: hello!.id, welcome: told });
    await settle();
  };
  return { call, ends, settle, welcome, phase: () => call.state.get().session.phase };
}

it("says hello with its ticket, waits at the door and shows the room by the server's clock", async () => {
  const { call, ends, settle, welcome, phase } = start();
  call.join();
  await settle();
  await welcome(ends[0]!);
  expect(ends[0]!.sent[0]).toMatchObject({ type: "hello", protocol: 1, ticket: "ticket 1" });
  expect(phase()).toBe("waiting");
  expect(call.state.get()).toMatchObject({
    seatId,
    secondDevice: false,
    clockOffsetMs: 30_000,
    room: { title: "Backend engineer" },
  });
});

it("says with its first hello alone what its browser can receive", async () => {
  const said = [{ codecs: [], headerExtensions: [] }];
  const { call, ends, settle, welcome } = start(undefined, {
    ...createBrowserDevice(),
    takeExpected: () => said.pop(),
  });
  call.join();
  await settle();
  await welcome(ends[0]!);
  ends[0]!.close(1006);
  await settle();
  await welcome(ends[1]!);
  expect(ends.map((far) => "rtpCapabilities" in far.sent[0]!)).toEqual([true, false]);
});

it("comes back with a new ticket for every try", async () => {
  const { call, ends, settle, welcome, phase } = start();
  call.join();
  await settle();
  await welcome(ends[0]!);
  ends[0]!.close(1006);
  expect(phase()).toBe("lost");
  await settle();
  expect(ends).toHaveLength(2);
  ends[1]!.close(1006);
  await vi.advanceTimersByTimeAsync(500);
  await welcome(ends[2]!);
  expect(ends.map((far) => far.sent[0]?.["ticket"])).toEqual(["ticket 1", undefined, "ticket 3"]);
  expect(phase()).toBe("waiting");
});

it("stays away when it was opened elsewhere, until somebody asks for this tab", async () => {
  const { call, ends, settle, welcome, phase } = start();
  call.join();
  await settle();
  await welcome(ends[0]!);
  ends[0]!.close(4410);
  call.networkChanged();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toHaveLength(1);
  expect(call.state.get().session).toMatchObject({ phase: "over", why: "replaced" });
  call.join();
  await settle();
  await welcome(ends[1]!);
  expect(phase()).toBe("waiting");
});

it("goes on trying while nobody answers, and stops at a deliberate no", async () => {
  let answer: CallFailed = new CallFailed({ kind: "unreachable" });
  let asked = 0;
  const { call, phase } = start(async () => {
    asked++;
    throw answer;
  });
  call.join();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBeGreaterThan(4);
  expect(phase()).not.toBe("over");
  answer = new CallFailed({ kind: "answered", code: "observers.full", message: "Five listen.", requestId: "r" });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(call.state.get().session).toMatchObject({ phase: "over", why: "refused", code: "observers.full" });
});

it("says goodbye when one leaves, and nothing afterwards", async () => {
  const { call, ends, settle, welcome } = start();
  call.join();
  await settle();
  await welcome(ends[0]!);
  call.leave();
  expect(ends[0]!.sent.at(-1)?.type).toBe("leave");
  expect(ends[0]!.closed()).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toHaveLength(1);
});

it("leaves while the socket is still opening, and survives the page waking up then", async () => {
  const { call, ends, settle, phase } = start();
  call.join();
  await settle();
  call.woke();
  call.networkChanged();
  expect(phase()).toBe("connecting");
  call.leave();
  expect(phase()).toBe("over");
  expect(ends[0]!.closed()).toBe(true);
  expect(ends[0]!.sent).toEqual([]);
});
