import { z } from "zod";

type Watchers = { readonly changed: () => void; readonly woke: () => void };

const ConnectionHolder = z.object({ connection: z.instanceof(EventTarget) });

/** Tells when the browser's network changed, and when the page came back to the front. Returns the way to stop. */
export function watchNetwork(page: Window, { changed, woke }: Watchers): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  page.addEventListener("online", changed, { signal });
  page.document.addEventListener(
    "visibilitychange",
    () => (page.document.visibilityState === "visible" ? woke() : undefined),
    { signal },
  );
  // Only Chromium tells of Wi-Fi becoming 4G while staying "online".
  const holder = ConnectionHolder.safeParse(page.navigator);
  holder.data?.connection.addEventListener("change", woke, { signal });
  return () => stop.abort();
}
