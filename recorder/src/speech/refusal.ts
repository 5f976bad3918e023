import type { EngineClose } from "./engine.ts";

type Why = "key" | "credit" | "request" | "busy";

const closes: Readonly<Record<Why, EngineClose>> = {
  key: { kind: "refused", what: "key", reason: "The speech service refuses our key." },
  credit: { kind: "refused", what: "key", reason: "The speech service says that the account has no credit." },
  request: { kind: "refused", what: "request", reason: "The speech service does not offer this language or model." },
  busy: {
    kind: "lost",
    detail: "too much of our account",
    reason: "The speech service takes no more of our account just now.",
  },
};

const statuses: Readonly<Record<number, Why>> = {
  400: "request",
  401: "key",
  402: "credit",
  403: "key",
  404: "request",
  429: "busy",
};

/** A handshake's HTTP status, as the websocket library words it. Of what is not named here another try is worth it. */
export function refusalOf(message: string): EngineClose | undefined {
  const why = statuses[Number(/\b(4\d\d)\b/.exec(message)?.[1])];
  return why && closes[why];
}

/** What a provider's own code for an error means; undefined where it says nothing that we know. */
export function refusalOfCode(codes: Readonly<Record<string, Why>>, code: string): EngineClose | undefined {
  return Object.hasOwn(codes, code) ? closes[codes[code] ?? "busy"] : undefined;
}
