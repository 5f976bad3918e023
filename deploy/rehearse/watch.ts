import type { BrowserContext, Page } from "playwright-core";

/** What stood on a page for a speaker at a moment: unfinished words, or one final segment. */
export type Seen = {
  readonly atMs: number;
  readonly speaker: string;
  readonly segmentId: string | null;
  readonly text: string;
};

/** A suggestion when it first stood on the page. */
export type SeenSuggestion = { readonly atMs: number; readonly id: string };

export type SeenControl = { readonly atMs: number; readonly epoch: number };

type Watched = { seen: Seen[]; suggested: SeenSuggestion[]; control: SeenControl[] };

/** Notes every change of transcript and controller with the host's time, by observing the DOM. */
export async function installWatch(context: BrowserContext): Promise<void> {
  await context.addInitScript(pageWatch);
}

export async function readWatch(page: Page): Promise<Watched> {
  return await page.evaluate(() => {
    const log = (window as unknown as { __rehearseSeen?: Watched }).__rehearseSeen;
    return log ?? { seen: [], suggested: [], control: [] };
  });
}

/** Runs in the page. Self-contained: it is sent there as text. */
function pageWatch(): void {
  const log: Watched = { seen: [], suggested: [], control: [] };
  (window as unknown as { __rehearseSeen: typeof log }).__rehearseSeen = log;
  const last = new Map<string, string>();
  const note = (key: string, entry: Omit<Seen, "atMs">): void => {
    if (last.get(key) === entry.text) return;
    last.set(key, entry.text);
    log.seen.push({ atMs: Date.now(), ...entry });
  };
  /** Only lines that changed: looking at each of two hours' words whenever anything changes took 20 ms a change. */
  const changed = (records: readonly MutationRecord[]): ReadonlySet<HTMLElement> => {
    const lines = new Set<HTMLElement>();
    for (const { target, addedNodes } of records) {
      const within = (target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>(
        "[data-segment-id]",
      );
      if (within) lines.add(within);
      for (const node of addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.dataset["segmentId"] !== undefined) lines.add(node);
        for (const line of node.querySelectorAll<HTMLElement>("[data-segment-id]")) lines.add(line);
      }
    }
    return lines;
  };
  const look = (records: readonly MutationRecord[]): void => {
    for (const line of changed(records)) {
      const id = line.dataset["segmentId"] ?? "";
      const words = [...line.querySelectorAll("[data-word]")].map((word) => word.textContent?.trim() ?? "");
      note(`final ${id}`, { speaker: line.dataset["speaker"] ?? "", segmentId: id, text: words.join(" ") });
    }
    const speaking = new Set<string>();
    for (const line of document.querySelectorAll<HTMLElement>("[data-interim-speaker]")) {
      const speaker = line.dataset["interimSpeaker"] ?? "";
      speaking.add(speaker);
      note(`interim ${speaker}`, {
        speaker,
        segmentId: null,
        text: line.querySelector("[data-interim-text]")?.textContent ?? line.textContent ?? "",
      });
    }
    for (const key of last.keys()) {
      if (key.startsWith("interim ") && !speaking.has(key.slice(8))) last.delete(key);
    }
    for (const { dataset } of document.querySelectorAll<HTMLElement>("[data-suggestion-id]")) {
      const id = dataset["suggestionId"] ?? "";
      if (!log.suggested.some((each) => each.id === id)) log.suggested.push({ atMs: Date.now(), id });
    }
    const epoch = document.querySelector<HTMLElement>("[data-epoch]")?.dataset["epoch"];
    if (epoch !== undefined && log.control.at(-1)?.epoch !== Number(epoch)) {
      log.control.push({ atMs: Date.now(), epoch: Number(epoch) });
    }
  };
  const start = (): void => {
    new MutationObserver(look).observe(document.documentElement, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ["data-epoch", "data-segment-id"],
    });
  };
  if (document.documentElement) start();
  else document.addEventListener("readystatechange", start, { once: true });
}
