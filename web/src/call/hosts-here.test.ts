import type { Participant } from "@verbatim/shared/control/protocol";
import { type Role, SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { hostsHere } from "./hosts-here.ts";

const person = (name: string, role: Role, presence: Participant["presence"]): Participant => ({
  seatId: SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11"),
  role,
  name,
  presence,
  microphone: "on",
  camera: false,
  screen: false,
  quality: "good",
  consented: true,
});

it("names the interviewers who are there: not observers, and nobody who is away, left or waits too", () => {
  expect(
    hostsHere([
      person("Anna", "interviewer", "here"),
      person("Carl", "co-interviewer", "here"),
      person("Olga", "observer", "here"),
      person("Away", "co-interviewer", "away"),
      person("Left", "co-interviewer", "left"),
      person("Knocking", "interviewer", "knocking"),
    ]),
  ).toEqual(["Anna", "Carl"]);
  expect(hostsHere([])).toEqual([]);
});
