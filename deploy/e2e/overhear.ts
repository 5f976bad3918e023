import type { Page } from "playwright-core";

/** Everything that a page is sent from now on, on its sockets and in answer to its requests; it grows with the page. */
export function overhear(page: Page): readonly string[] {
  const sent: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => sent.push(payload.toString())));
  page.on("response", (response) => {
    // A body that is gone, as after a redirect, was no document of ours.
    void response.text().then(
      (text) => response.url().includes("/v1/") && sent.push(text),
      () => undefined,
    );
  });
  return sent;
}
