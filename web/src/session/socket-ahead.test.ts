import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createConnection } from "../signal/connection.ts";
import { type FarEnd, socketPair } from "../signal/test/socket-pair.ts";
import { socketAhead } from "./socket-ahead.ts";

const url = "wss://sfu/signal";
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function made() {
  const ends: FarEnd[] = [];
  const sockets = socketAhead(() => {
    const far = socketPair();
    ends.push(far);
    return far.socket;
  });
  /** What a call does with a socket: says hello once it is open. */
  const join = (to = url): void => {
    const connection = createConnection(sockets.open(to), {
      open: () => void connection.request({ type: "hello", protocol: 1, ticket: "t" }).catch(() => undefined),
      notice: () => undefined,
      closed: () => undefined,
    });
  };
  const said = () => ends.map(({ sent }) => sent.map(({ type }) => type));
  return { sockets, ends, join, said };
}

it("a socket that is open at the press is used, and nothing was said on it before", async () => {
  const { sockets, ends, join, said } = made();
  sockets.reach(url);
  sockets.reach(url);
  ends[0]!.open();
  expect(said()).toEqual([[]]);
  join();
  await vi.advanceTimersByTimeAsync(0);
  expect(said()).toEqual([["hello"]]);
  // It is the call's own from now on.
  await vi.advanceTimersByTimeAsync(4_000);
  sockets.dispose();
  expect(ends[0]!.closed()).toBe(false);
});

it("one that still opens at the press is used once it is open", async () => {
  const { sockets, ends, join, said } = made();
  sockets.reach(url);
  join();
  await vi.advanceTimersByTimeAsync(0);
  expect(said()).toEqual([[]]);
  ends[0]!.open();
  expect(said()).toEqual([["hello"]]);
});

it("one that was closed, is too old or leads elsewhere is not used", async () => {
  const { sockets, ends, join } = made();
  sockets.reach(url);
  ends[0]!.close(4401);
  join();
  expect(ends).toHaveLength(2);
  sockets.reach(url);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(ends[2]!.closed()).toBe(true);
  join();
  expect(ends).toHaveLength(4);
  sockets.reach("wss://elsewhere/signal");
  join();
  expect(ends[4]!.closed()).toBe(true);
  expect(ends).toHaveLength(6);
});
