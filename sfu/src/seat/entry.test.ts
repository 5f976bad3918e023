import { describe, expect, it } from "vitest";
import { DeviceId, type Role } from "@verbatim/shared/ids";
import { people } from "../test/harness.ts";
import { decideEntry, type EntryFacts } from "./entry.ts";
import { emptySeat, type Seat } from "./seat.ts";

const own = DeviceId.parse("11111111-1111-4111-8111-111111111111");
const other = DeviceId.parse("22222222-2222-4222-8222-222222222222");
const held = (device: DeviceId, silentSinceUs: number | null = null): Seat => ({
  phase: "held",
  epoch: 1,
  device,
  connection: "c",
  silentSinceUs,
});
const away = (device: DeviceId): Seat => ({ phase: "away", epoch: 1, device, sinceUs: 0 });
const left = (device: DeviceId): Seat => ({ phase: "left", epoch: 1, device, sinceUs: 0 });

function decide(role: Role, seat: Seat, more: Partial<EntryFacts> = {}, admitted = role !== "candidate"): string {
  const decision = decideEntry({
    seat,
    ticket: people().ticket({ role, deviceId: own, admitted }),
    deviceAdmitted: false,
    otherObservers: 0,
    callEnded: false,
    removed: false,
    ...more,
  });
  if (decision.type === "refuse") return decision.code;
  return decision.type === "wait" && decision.secondDevice ? "ask" : decision.type;
}

describe("who comes in", () => {
  it.each([
    ["a host walks in", "in", decide("interviewer", emptySeat)],
    ["a candidate waits for a host", "wait", decide("candidate", emptySeat)],
    ["a candidate admitted before walks in", "in", decide("candidate", emptySeat, {}, true)],
    ["a candidate whom the room knows walks in", "in", decide("candidate", away(own), { deviceAdmitted: true })],
    ["the same device takes its seat back", "in", decide("candidate", held(own), {}, true)],
    ["a candidate's second device asks", "ask", decide("candidate", held(other), {}, true)],
    ["a candidate's second device asks also when the first is away", "ask", decide("candidate", away(other), {}, true)],
    [
      "a candidate's second device asks also when the first has left",
      "ask",
      decide("candidate", left(other), {}, true),
    ],
    ["a device that was let in once walks in", "in", decide("candidate", held(other), { deviceAdmitted: true })],
    ["a host's second device asks while the first is there", "ask", decide("interviewer", held(other))],
    ["a host whose device is away walks in with another", "in", decide("interviewer", away(other))],
    ["a host whose device fell silent walks in with another", "in", decide("interviewer", held(other, 5))],
    ["the fifth observer walks in", "in", decide("observer", emptySeat, { otherObservers: 4 })],
    ["the sixth observer is refused", "observers.full", decide("observer", emptySeat, { otherObservers: 5 })],
    ["an observer of the five comes back", "in", decide("observer", away(own), { otherObservers: 5 })],
    [
      "an observer who left may find the place taken",
      "observers.full",
      decide("observer", left(own), { otherObservers: 5 }),
    ],
    ["nobody comes after the end", "interview.over", decide("interviewer", emptySeat, { callEnded: true })],
    ["a withdrawn seat is nobody's any more", "seat.removed", decide("observer", left(own), { removed: true })],
  ])("%s", (_fact, expected, decided) => {
    expect(decided).toBe(expected);
  });
});
