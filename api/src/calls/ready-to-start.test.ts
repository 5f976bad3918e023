import type { Participant } from "@verbatim/shared/control/protocol";
import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { readyToStart, startsNow } from "./ready-to-start.ts";

const person = (role: Participant["role"], change: Partial<Participant> = {}): Participant => ({
  seatId: SeatId.parse(crypto.randomUUID()),
  role,
  name: role,
  presence: "here",
  microphone: "on",
  camera: false,
  screen: false,
  quality: "good",
  consented: true,
  ...change,
});
const call = (participants: Participant[], interview = {}, recording = {}) =>
  readyToStart({
    interview: { auto_start: true, ended_at: null, participants, ...interview },
    recording: { phase: "idle", part: 1, ...recording },
  } as never);

it("takes an interviewer and a candidate who has agreed, both in the call", () => {
  const interviewer = person("interviewer");
  expect(call([interviewer, person("candidate")])).toEqual({ interviewer, microphone: true });
  expect(call([interviewer])).toBeUndefined();
  expect(call([person("co-interviewer"), person("candidate")])).toBeUndefined();
  expect(call([interviewer, person("candidate", { consented: false })])).toBeUndefined();
  expect(call([interviewer, person("candidate", { presence: "knocking" })])).toBeUndefined();
  expect(call([interviewer, person("candidate")], { auto_start: false })).toBeUndefined();
  expect(call([interviewer, person("candidate")], {}, { phase: "stopped" })).toBeUndefined();
});

it("waits a moment for the candidate's microphone, muted or not, and goes on without it", () => {
  const startsAfter = (microphone: Participant["microphone"], waitedMs: number): boolean =>
    startsNow(call([person("interviewer"), person("candidate", { microphone })])!, 1_000, 1_000 + waitedMs);
  expect([startsAfter("on", 0), startsAfter("muted", 0), startsAfter("none", 0)]).toEqual([true, true, false]);
  expect([startsAfter("none", 4_999), startsAfter("none", 5_000)]).toEqual([false, true]);
});
