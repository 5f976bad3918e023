import { unreachable } from "@verbatim/shared/assert";

/**
 * The state of the two media transports, and what to do when they break.
 *
 *   fresh ──connected──▶ good ──disconnected──▶ shaky ──2 s──▶ restarting ──connected──▶ good
 *     │ 8 s                 └────network changed─────────────────▲   │ 6 s, failed
 *     ▼                                                              ▼
 *   renewing ◀───────────────────────────────────────────────────────┘
 *
 * An ICE restart keeps everything; after `failed` it is useless (mediasoup-client#232), so new transports are asked for.
 * Effects need signalling; while it is away they are put off until `signalling` says that it is back.
 */
export type Path =
  | { readonly phase: "none" }
  | { readonly phase: "fresh"; readonly sinceMs: number }
  | { readonly phase: "good" }
  | { readonly phase: "shaky"; readonly sinceMs: number }
  | { readonly phase: "restarting"; readonly sinceMs: number }
  | { readonly phase: "renewing"; readonly sinceMs: number };

export type PathEvent =
  /** New transports were made. */
  | { readonly type: "built"; readonly atMs: number }
  /** The worse of the two transports' states. */
  | {
      readonly type: "transports";
      readonly state: "connected" | "connecting" | "disconnected" | "failed";
      readonly atMs: number;
    }
  | { readonly type: "network-changed"; readonly atMs: number }
  /** Connected, but something that must arrive does not. */
  | { readonly type: "stalled"; readonly atMs: number }
  | { readonly type: "tick"; readonly atMs: number }
  /** A restart or renewal could not be asked for, or was refused. */
  | { readonly type: "repair-failed"; readonly atMs: number }
  | { readonly type: "dropped" };

export type PathEffect = { readonly type: "restart-ice" } | { readonly type: "renew-session" };

const pathTimes = { shakyMs: 2_000, freshMs: 8_000, restartMs: 6_000, renewMs: 8_000 } as const;

type Next = readonly [Path, readonly PathEffect[]];

export function stepPath(path: Path, event: PathEvent): Next {
  if (event.type === "dropped") return [{ phase: "none" }, []];
  if (event.type === "built") return [{ phase: "fresh", sinceMs: event.atMs }, []];
  if (path.phase === "none") return [path, []];
  switch (event.type) {
    case "transports":
      return onState(path, event.state, event.atMs);
    case "network-changed":
      if (path.phase === "good" || path.phase === "shaky") return restart(event.atMs);
      return [path, []];
    case "stalled":
      return path.phase === "good" ? renew(event.atMs) : [path, []];
    case "tick":
      return onTick(path, event.atMs);
    case "repair-failed":
      if (path.phase === "restarting") return [{ phase: "shaky", sinceMs: event.atMs }, []];
      if (path.phase === "renewing") return [renewSoon(event.atMs), []];
      return [path, []];
    default:
      return unreachable(event);
  }
}

function onState(path: Path, state: "connected" | "connecting" | "disconnected" | "failed", atMs: number): Next {
  if (path.phase === "renewing") return [path, []];
  if (state === "connected") return [{ phase: "good" }, []];
  // New ones that fail at once would fail again at once: asked for again after 2 s.
  if (state === "failed") return path.phase === "fresh" ? [renewSoon(atMs), []] : renew(atMs);
  if (state === "disconnected" && path.phase === "good") return [{ phase: "shaky", sinceMs: atMs }, []];
  return [path, []];
}

function onTick(path: Path, atMs: number): Next {
  switch (path.phase) {
    case "none":
    case "good":
      return [path, []];
    case "shaky":
      return atMs - path.sinceMs >= pathTimes.shakyMs ? restart(atMs) : [path, []];
    case "fresh":
      return atMs - path.sinceMs >= pathTimes.freshMs ? renew(atMs) : [path, []];
    case "restarting":
      return atMs - path.sinceMs >= pathTimes.restartMs ? renew(atMs) : [path, []];
    case "renewing":
      return atMs - path.sinceMs >= pathTimes.renewMs ? renew(atMs) : [path, []];
    default:
      return unreachable(path);
  }
}

const renewSoon = (atMs: number): Path => ({
  phase: "renewing",
  sinceMs: atMs - pathTimes.renewMs + pathTimes.shakyMs,
});
const restart = (atMs: number): Next => [{ phase: "restarting", sinceMs: atMs }, [{ type: "restart-ice" }]];
const renew = (atMs: number): Next => [{ phase: "renewing", sinceMs: atMs }, [{ type: "renew-session" }]];
