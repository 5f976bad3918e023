import { createHmac, randomUUID } from "node:crypto";
import type { IceServer } from "@verbatim/shared/signal/media";

export type RelayOptions = {
  /** `stun:`, `turn:` and `turns:` addresses; empty where there are none. */
  readonly urls: readonly string[];
  /** Shared with the TURN server, which proves credentials by it and keeps no list of people. */
  readonly secret: string | undefined;
};

/**
 * How long credentials open new allocations. coturn asks for them when an allocation begins, not while it lives, so an
 * hour serves calls of any length; a restart of ICE brings fresh ones.
 */
const LIVE_SECONDS = 3_600;

/**
 * ICE servers for one transport, with credentials of coturn's REST scheme (`use-auth-secret`): the user name is when
 * they end, the password its HMAC. The name says nothing of the person.
 */
export function relaysFor({ urls, secret }: RelayOptions, nowMs: number): IceServer[] {
  if (urls.length === 0) return [];
  if (secret === undefined) return [{ urls: [...urls] }];
  const username = `${Math.floor(nowMs / 1_000) + LIVE_SECONDS}:${randomUUID()}`;
  return [{ urls: [...urls], username, credential: createHmac("sha1", secret).update(username).digest("base64") }];
}
