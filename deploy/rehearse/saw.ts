import type { Page } from "playwright-core";
import { readWatch, type Seen, type SeenSuggestion } from "./watch.ts";

/** What stands on a page: final segments as it shows them, and everything that it has shown, when. */
export type Saw = {
  readonly segments: readonly {
    readonly id: string;
    readonly speaker: string;
    readonly startMs: number;
    readonly endMs: number;
    readonly text: string;
  }[];
  readonly seen: readonly Seen[];
  readonly suggested: readonly SeenSuggestion[];
};

export async function saw(page: Page): Promise<Saw> {
  const segments = await page.locator("[data-segment-id]").evaluateAll((lines) =>
    lines.map((line) => ({
      id: line.getAttribute("data-segment-id") ?? "",
      speaker: line.getAttribute("data-speaker") ?? "",
      startMs: Number(line.getAttribute("data-start-ms")),
      endMs: Number(line.getAttribute("data-end-ms")),
      text: [...line.querySelectorAll("[data-word]")].map((word) => word.textContent?.trim() ?? "").join(" "),
    })),
  );
  const { seen, suggested } = await readWatch(page);
  return { segments, seen, suggested };
}
