import { useEffect, useState } from "react";

/** How long it stands that another device is in use. */
const SAID_MS = 6_000;

/** A sentence that stands for a few seconds; "" before and after. */
export function useSaid(): readonly [string, (sentence: string) => void] {
  const [said, say] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => say(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, say];
}
