import type { InterviewSummary } from "@verbatim/shared/api/interviews";
import type { z } from "zod";
import { dayKey } from "../clock/format.ts";

type Summary = z.infer<typeof InterviewSummary>;
export type Group = { readonly name: "today" | "next" | "before"; readonly interviews: readonly Summary[] };

/** Today on top, whatever runs now included; then what comes, soonest first; then what was, newest first. */
export function groupInterviews(interviews: readonly Summary[], nowMs: number): Group[] {
  const of = (interview: Summary): Group["name"] => {
    const startsMs = Date.parse(interview.startsAt);
    if (interview.state === "recording" || (interview.open && interview.present > 0)) return "today";
    if (dayKey(startsMs, interview.zone) === dayKey(nowMs, interview.zone)) return "today";
    return startsMs > nowMs ? "next" : "before";
  };
  const soonest = interviews.toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
  const group = (name: Group["name"]): Summary[] => soonest.filter((interview) => of(interview) === name);
  return [
    { name: "today", interviews: group("today") },
    { name: "next", interviews: group("next") },
    { name: "before", interviews: group("before").toReversed() },
  ];
}
