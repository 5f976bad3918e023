import type { Participant } from "@verbatim/shared/control/protocol";
import type { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { hostsAbsence, LATE_MS, nobodyCame } from "./absence.ts";

const person = (role: Participant["role"], presence: Participant["presence"], name: string = role): Participant => ({
  seatId: name as unknown as SeatId,
  role,
  name,
  presence,
  microphone: "on",
  camera: false,
  screen: false,
  quality: "good",
  consented: true,
});

it("the hosts are lost while one of them may come back, and left when none may", () => {
  const candidate = person("candidate", "here");
  const [away, left] = [person("interviewer", "away", "Anna"), person("co-interviewer", "left", "Carl")];
  expect(hostsAbsence([candidate, away, left])).toEqual({ how: "lost", names: ["Anna"] });
  expect(hostsAbsence([candidate, { ...away, presence: "left" }, left])).toEqual({
    how: "left",
    names: ["Anna", "Carl"],
  });
});

it("the hosts are not absent while one is here, nor before any of them came", () => {
  const candidate = person("candidate", "here");
  expect(hostsAbsence([candidate])).toBeUndefined();
  expect(hostsAbsence([candidate, person("observer", "left")])).toBeUndefined();
  expect(hostsAbsence([person("interviewer", "away"), person("co-interviewer", "here")])).toBeUndefined();
});

it("nobody came when it is ten minutes past the time and no candidate ever was there", () => {
  const host = person("interviewer", "here");
  const alone = { participants: [host], lamp: "off" } as const;
  expect(nobodyCame(alone, 1_000, 1_000 + LATE_MS)).toBe(true);
  expect(nobodyCame(alone, 1_000, 999 + LATE_MS)).toBe(false);
  // An interview that goes on in another part, in a room that was empty between.
  expect(nobodyCame({ ...alone, lamp: "closed" }, 1_000, 1_000 + LATE_MS)).toBe(false);
  for (const presence of ["knocking", "here", "away", "left"] as const) {
    const participants = [host, person("candidate", presence)];
    expect(nobodyCame({ ...alone, participants }, 1_000, 1_000 + LATE_MS)).toBe(false);
  }
});
