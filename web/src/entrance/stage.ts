import type { Entry } from "@verbatim/shared/api/call";
import { speaks } from "@verbatim/shared/ids";

/** What stands between a person and the call. */
export type Stage = "over" | "welcome" | "declined" | "name" | "devices" | "call";

export type Arrival = {
  readonly entry: Entry;
  /** The person said no on this page. */
  readonly declined: boolean;
  /** The devices were checked, or this tab was in the call before and may use the microphone still. */
  readonly checked: boolean;
};

/** Notice and consent before the microphone, a name before the room, devices before the call. */
export function stageOf({ entry, declined, checked }: Arrival): Stage {
  if (entry.over) return "over";
  if (declined) return "declined";
  if (speaks(entry.role) && needsConsent(entry)) return "welcome";
  if (entry.name === "") return entry.role === "candidate" ? "welcome" : "name";
  if (speaks(entry.role) && !checked) return "devices";
  return "call";
}

/** A candidate agrees to the notice that stands now, not to an older one. */
function needsConsent(entry: Entry): boolean {
  if (entry.consented === null) return true;
  return entry.role === "candidate" && entry.consented !== entry.notice.version;
}
