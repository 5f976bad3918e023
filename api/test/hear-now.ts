import * as decoding from "lib0/decoding";
import type { WebsocketProvider } from "y-websocket";
import { LiveNowList, MESSAGE_NOW } from "@verbatim/shared/document/live";

/** What a live document's reader is told beside it: the recording ("recording"), and what a seat is saying. */
export function hearNow(provider: WebsocketProvider): ReadonlyMap<string, unknown> {
  const now = new Map<string, unknown>();
  provider.messageHandlers[MESSAGE_NOW] = (_encoder, decoder) => {
    if (decoding.readVarUint(decoder) === 1) now.clear();
    for (const [about, value] of LiveNowList.parse(JSON.parse(decoding.readVarString(decoder)))) {
      if (value === null) now.delete(about);
      else now.set(about, value);
    }
  };
  return now;
}
