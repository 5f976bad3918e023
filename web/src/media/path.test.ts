import { expect, it } from "vitest";
import { type Path, type PathEffect, type PathEvent, stepPath } from "./path.ts";

function play(...events: PathEvent[]): [Path, string[]] {
  let path: Path = { phase: "none" };
  const effects: PathEffect[] = [];
  for (const event of events) {
    const [next, more] = stepPath(path, event);
    path = next;
    effects.push(...more);
  }
  return [path, effects.map((effect) => effect.type)];
}

const built: PathEvent = { type: "built", atMs: 0 };
const state = (name: "connected" | "disconnected" | "failed", atMs: number): PathEvent => ({
  type: "transports",
  state: name,
  atMs,
});
const tick = (atMs: number): PathEvent => ({ type: "tick", atMs });

it("restarts ICE after two seconds without a path, not before", () => {
  expect(play(built, state("connected", 100), state("disconnected", 1_000), tick(2_900))[1]).toEqual([]);
  expect(play(built, state("connected", 100), state("disconnected", 1_000), tick(3_000))[1]).toEqual(["restart-ice"]);
});

it("does nothing when the path comes back by itself", () => {
  expect(
    play(built, state("connected", 100), state("disconnected", 1_000), state("connected", 2_000), tick(60_000)),
  ).toEqual([{ phase: "good" }, []]);
});

it("restarts ICE at once when the network changed", () => {
  expect(play(built, state("connected", 100), { type: "network-changed", atMs: 5_000 })[1]).toEqual(["restart-ice"]);
});

it("asks for new transports after failed, and when a restart brings nothing", () => {
  expect(play(built, state("connected", 100), state("failed", 20_000))[1]).toEqual(["renew-session"]);
  expect(play(built, state("connected", 0), state("disconnected", 1_000), tick(3_000), tick(9_000))[1]).toEqual([
    "restart-ice",
    "renew-session",
  ]);
});

it("does not hammer the server when new transports fail at once", () => {
  expect(play(built, state("failed", 100), tick(1_000))[1]).toEqual([]);
  expect(play(built, state("failed", 100), tick(2_100))[1]).toEqual(["renew-session"]);
});

it("asks for new transports when the first ones never connect", () => {
  expect(play(built, tick(7_000), tick(8_000))[1]).toEqual(["renew-session"]);
});

it("asks once, not at every tick, and again when the repair could not be asked for", () => {
  const broken: PathEvent[] = [built, state("connected", 0), state("failed", 1_000), tick(1_500), tick(2_000)];
  expect(play(...broken)[1]).toEqual(["renew-session"]);
  expect(play(...broken, { type: "repair-failed", atMs: 2_000 }, tick(4_000))[1]).toEqual([
    "renew-session",
    "renew-session",
  ]);
});

it("asks for new transports when connected ones bring nothing", () => {
  expect(play(built, state("connected", 100), { type: "stalled", atMs: 9_000 })[1]).toEqual(["renew-session"]);
  expect(play(built, { type: "stalled", atMs: 100 })[1]).toEqual([]);
});

it("hears nothing of old transports once they are dropped", () => {
  expect(play(built, { type: "dropped" }, state("failed", 1), tick(90_000))).toEqual([{ phase: "none" }, []]);
});
