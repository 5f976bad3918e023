import type { Entry } from "@verbatim/shared/api/call";
import { speaks } from "@verbatim/shared/ids";

/** What stands between a person and the call. */
export type Stage = "over" | "welcome" | "declined" | "name" | "devices" | "call";

export type Arrival = {
  readonly entry: Entry;
  /** After a no: reads the notice once more, or goes on without being recorded. */
  readonly afterNo: "undecided" | "reads-again" | "unrecorded";
  /** The devices were checked, or this tab was in the call before and may use the microphone still. */
  readonly checked: boolean;
};

/** Notice and consent before the microphone, a name before the room, devices before the call. */
export function stageOf({ entry, afterNo, checked }: Arrival): Stage {
  if (entry.over || entry.cancelled) return "over";
  if (speaks(entry.role) && needsAnswer(entry, afterNo)) return "welcome";
  if (speaks(entry.role) && entry.declined && afterNo !== "unrecorded" && !checked) return "declined";
  if (entry.name === "") return entry.role === "candidate" ? "welcome" : "name";
  if (speaks(entry.role) && !checked) return "devices";
  return "call";
}

/** Who speaks agrees to the notice that stands now, not to an older one. A no is an answer, too. */
function needsAnswer(entry: Entry, afterNo: Arrival["afterNo"]): boolean {
  if (entry.declined) return afterNo === "reads-again";
  return entry.consented !== entry.notice.version;
}
