import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import * as call from "@verbatim/shared/api/call";
import type { Harness } from "./harness.ts";
import { hearNow } from "./hear-now.ts";
import { paramsOf, type Person } from "./scene.ts";
import { until } from "./until.ts";

/** Opens the live document as the stock client does. The person must be in the call. */
export async function openDocument(harness: Harness, person: Person) {
  const { ticket, url } = await person.browser.call(call.takeTicket, paramsOf(person), { for: "document" });
  const doc = new Y.Doc();
  class FromOurPage extends WebSocket {
    constructor(address: string) {
      super(address, { origin: harness.config.http.publicUrl });
    }
  }
  const [server, room] = [url.slice(0, url.lastIndexOf("/")), url.slice(url.lastIndexOf("/") + 1)];
  const provider = new WebsocketProvider(server, room, doc, {
    connect: false,
    disableBc: true,
    params: { ticket },
    WebSocketPolyfill: FromOurPage as never,
  });
  provider.awareness.setLocalState(null);
  const now = hearNow(provider);
  provider.connect();
  await until(() => provider.synced, Boolean);
  return { doc, now, provider, [Symbol.dispose]: () => provider.destroy() };
}
