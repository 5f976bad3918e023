import { unreachable } from "@verbatim/shared/assert";

/**
 * One person's place in the call, seen from this page.
 *
 *   idle ──join──▶ connecting ──welcome──▶ waiting ──admitted──▶ in
 *                   ▲   │ failed/closed      │ closed              │ closed
 *                   │   ▼                    ▼                     ▼
 *                  lost ◀────────────────────┴─────────────────────┘
 *   any ──leave/ended/replaced/refused──▶ over ──join──▶ connecting
 *
 * `attempt` fences: every event of a connection carries the attempt it belongs to, and late ones are no-ops.
 * While `lost`, media that still flows is kept: a websocket may break alone.
 */
export type Session =
  | { readonly phase: "idle"; readonly attempt: number }
  | {
      readonly phase: "connecting";
      readonly attempt: number;
      readonly was: Was;
      readonly tries: number;
      readonly lostAtMs: number | null;
    }
  | { readonly phase: "waiting"; readonly attempt: number }
  | { readonly phase: "in"; readonly attempt: number }
  | {
      readonly phase: "lost";
      readonly attempt: number;
      readonly was: Was;
      readonly tries: number;
      readonly lostAtMs: number;
      readonly retryAtMs: number;
    }
  | {
      readonly phase: "over";
      readonly attempt: number;
      readonly why: Over;
      readonly code: string;
      readonly message: string;
    };

/** What the person had before the connection broke. */
export type Was = "new" | "waiting" | "in";
/** `replaced`: opened elsewhere. `removed`: a host said no. `moved`: this person has a seat to speak now. */
export type Over = "left" | "ended" | "replaced" | "removed" | "moved" | "refused";

export type SessionEvent =
  | { readonly type: "join" }
  | { readonly type: "welcome"; readonly attempt: number; readonly phase: "waiting" | "in" }
  | { readonly type: "admitted"; readonly attempt: number }
  | { readonly type: "ended"; readonly attempt: number }
  /** The socket closed, with the close code. */
  | {
      readonly type: "closed";
      readonly attempt: number;
      readonly code: number;
      readonly reason: string;
      readonly atMs: number;
    }
  /** No ticket, or no hello: `retry` by the table of errors; unreachable counts as worth retrying. */
  | {
      readonly type: "failed";
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      readonly retry: boolean;
      readonly atMs: number;
    }
  | { readonly type: "due"; readonly atMs: number }
  /** The browser says that the network is back, or changed. */
  | { readonly type: "online"; readonly atMs: number }
  | { readonly type: "leave" };

export type SessionEffect =
  | { readonly type: "connect"; readonly attempt: number }
  | { readonly type: "wake"; readonly atMs: number }
  | { readonly type: "say-leave" }
  | { readonly type: "close-socket" }
  | { readonly type: "drop-media" };

export const idle: Session = { phase: "idle", attempt: 0 };

/**
 * At once, then after 0.5 s, then every second: whoever was offline is to talk again within 3 s of the network's
 * return, and a try that hangs takes some of them.
 */
export const backoffMs = (tries: number): number => (tries === 0 ? 0 : Math.min(1_000, 250 * 2 ** tries));

type Next = readonly [Session, readonly SessionEffect[]];
const stay = (session: Session): Next => [session, []];

/** The whole policy of staying in a call. Pure: the caller performs the effects, in order. */
export function step(session: Session, event: SessionEvent): Next {
  switch (event.type) {
    case "join": {
      if (session.phase !== "idle" && session.phase !== "over") return stay(session);
      return connect(session.attempt, "new", 0, null);
    }
    case "welcome": {
      if (session.phase !== "connecting" || session.attempt !== event.attempt) return stay(session);
      return stay({ phase: event.phase, attempt: session.attempt });
    }
    case "admitted": {
      if (session.phase !== "waiting" || session.attempt !== event.attempt) return stay(session);
      return stay({ phase: "in", attempt: session.attempt });
    }
    case "ended": {
      if (session.phase === "over" || session.attempt !== event.attempt) return stay(session);
      return over(session, "ended", "interview.over", "");
    }
    case "closed": {
      if (session.attempt !== event.attempt || session.phase === "over" || session.phase === "idle")
        return stay(session);
      if (session.phase === "lost") return stay(session);
      const why = finalClose(event.code);
      if (why) return over(session, why, String(event.code), event.reason);
      return lose(session, event.atMs);
    }
    case "failed": {
      if (session.phase !== "connecting" || session.attempt !== event.attempt) return stay(session);
      if (!event.retry)
        return over(session, event.code === "interview.over" ? "ended" : "refused", event.code, event.message);
      return lose(session, event.atMs);
    }
    case "due":
      if (session.phase !== "lost" || event.atMs < session.retryAtMs) return stay(session);
      return connect(session.attempt, session.was, session.tries, session.lostAtMs);
    case "online":
      if (session.phase !== "lost") return stay(session);
      return connect(session.attempt, session.was, session.tries, session.lostAtMs);
    case "leave": {
      if (session.phase === "over" || session.phase === "idle") return stay(session);
      const [left, effects] = over(session, "left", "", "");
      return [left, [{ type: "say-leave" }, ...effects]];
    }
    default:
      return unreachable(event);
  }
}

function connect(attempt: number, was: Was, tries: number, lostAtMs: number | null): Next {
  const next = attempt + 1;
  return [{ phase: "connecting", attempt: next, was, tries, lostAtMs }, [{ type: "connect", attempt: next }]];
}

function lose(session: Exclude<Session, { phase: "idle" | "over" | "lost" }>, atMs: number): Next {
  const again = session.phase === "connecting";
  const tries = again ? session.tries + 1 : 0;
  const lostAtMs = again ? (session.lostAtMs ?? atMs) : atMs;
  const was = again ? session.was : session.phase;
  const retryAtMs = atMs + backoffMs(tries);
  return [
    { phase: "lost", attempt: session.attempt, was, tries, lostAtMs, retryAtMs },
    [{ type: "wake", atMs: retryAtMs }],
  ];
}

function over(session: Session, why: Over, code: string, message: string): Next {
  return [
    { phase: "over", attempt: session.attempt, why, code, message },
    [{ type: "close-socket" }, { type: "drop-media" }],
  ];
}

/** Close codes after which coming back by itself would be wrong; see the table of errors. */
function finalClose(code: number): Over | undefined {
  if (code === 4410) return "replaced";
  if (code === 4411) return "ended";
  if (code === 4412) return "removed";
  if (code === 4417) return "moved";
  // A deliberate no of the server; a ticket is fresh each time, so asking again brings the same.
  if (code >= 4400 && code < 4500 && code !== 4401 && code !== 4429) return "refused";
  return undefined;
}
