import type { Interview } from "@verbatim/shared/api/interviews";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { Control } from "@verbatim/shared/recording/state";
import { presentCount } from "./interview-state.ts";

type Facts = {
  readonly cancelled_at: Date | null;
  readonly ended_at: Date | null;
  readonly part: number;
  readonly phase: Control["phase"];
  readonly participants: readonly Participant[];
};

/** Time, language and notice are what people agreed to and sit in: they stay while that is so. */
export function mayEdit(of: Facts): Interview["mayEdit"] {
  if (of.cancelled_at !== null) return "nothing";
  if (of.ended_at !== null || of.part > 1 || of.phase !== "idle") return "names_begun";
  return presentCount(of.participants) > 0 ? "names_present" : "all";
}

export function mayCancel(of: Facts): Interview["mayCancel"] {
  if (of.cancelled_at !== null) return "cancelled";
  if (of.phase !== "idle" && of.phase !== "closed") return "recording";
  return of.ended_at !== null || of.part > 1 || of.phase === "closed" ? "over" : "yes";
}
