import type { Quote } from "@verbatim/shared/plan/suggestion";

/** How long shown words stay marked. */
const SHOWN_MS = 3_000;

/** Brings the quoted words of the live transcript into view and marks them for a moment. */
export function showWords({ segmentId, from, to }: Pick<Quote, "segmentId" | "from" | "to">): void {
  const segment = document.querySelector(`[data-segment-id="${CSS.escape(segmentId)}"]`);
  const words = [...(segment?.querySelectorAll("[data-word]") ?? [])].slice(from, to);
  (words[0] ?? segment)?.scrollIntoView({ block: "center" });
  for (const word of words) {
    word.setAttribute("data-shown", "");
    setTimeout(() => word.removeAttribute("data-shown"), SHOWN_MS);
  }
}
