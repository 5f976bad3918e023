import { useState } from "react";
import { useCallView } from "./call-view.ts";
import { freshSuggestions } from "./fresh-suggestions.ts";

/** How many suggestions came while they were not in view. Held by the screen: what shows them comes and goes. */
export function useFreshSuggestions(inView: boolean): number {
  const { live } = useCallView();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const fresh = freshSuggestions(live?.view.suggestions ?? [], seen);
  if (inView && fresh.length > 0) setSeen(new Set([...seen, ...fresh]));
  return inView ? 0 : fresh.length;
}
