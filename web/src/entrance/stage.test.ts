import type { Entry } from "@verbatim/shared/api/call";
import { InterviewId, SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { type Arrival, stageOf } from "./stage.ts";

const entry: Entry = {
  interviewId: InterviewId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11"),
  seatId: SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a12"),
  role: "candidate",
  name: "Ada",
  title: "Backend engineer",
  organisation: "Acme",
  candidateName: "Ada",
  hostName: "Anna",
  startsAt: "2026-11-20T09:00:00Z",
  zone: "Europe/Vienna",
  durationMinutes: 45,
  language: "en",
  notice: { version: "2", language: "en", fixed: { language: "en", text: [] }, text: [], own: false },
  consented: "2",
  declined: false,
  over: false,
  cancelled: false,
  movedFrom: null,
  contact: "",
  captionsForCandidate: false,
  speech: { engine: "none", reason: "" },
};

const at = (part: Partial<Entry>, checked = false, afterNo: Arrival["afterNo"] = "undecided") =>
  stageOf({ entry: { ...entry, ...part }, checked, afterNo });

it("leads a candidate from the notice over the devices into the call", () => {
  expect(at({ consented: null })).toBe("welcome");
  expect(at({})).toBe("devices");
  expect(at({}, true)).toBe("call");
});

it("asks again when the notice changed, interviewers too", () => {
  expect(at({ consented: "1" }, true)).toBe("welcome");
  expect(at({ role: "interviewer", consented: null })).toBe("welcome");
});

it("after a no offers the call without a recording, or the notice again", () => {
  const no = { consented: null, declined: true };
  expect(at(no)).toBe("declined");
  expect(at(no, false, "reads-again")).toBe("welcome");
  expect(at(no, false, "unrecorded")).toBe("devices");
  expect(at(no, true, "unrecorded")).toBe("call");
  // Withdrawn during the call, then reloaded: this tab was in it.
  expect(at(no, true)).toBe("call");
});

it("asks a guest for a name, and an observer for nothing else", () => {
  expect(at({ role: "observer", name: "", consented: null })).toBe("name");
  expect(at({ role: "observer", consented: null })).toBe("call");
  expect(at({ role: "co-interviewer", name: "" })).toBe("name");
});

it("shows the end to whoever comes after it", () => {
  expect(at({ over: true, consented: null })).toBe("over");
  expect(at({ cancelled: true, consented: null })).toBe("over");
});
