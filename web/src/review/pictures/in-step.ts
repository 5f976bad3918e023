/** What brings a picture into step with the sound. Sound leads and never waits. */
export type Step =
  | { readonly do: "seek" }
  /** It is ahead: stand still until the sound is there. */
  | { readonly do: "hold" }
  | { readonly do: "play"; readonly rate: number };

/** Nobody sees less; frames themselves last 33 ms. */
const CLOSE_MS = 30;
/** Ahead by more, standing still is quicker than playing slowly, and exact. */
const HOLD_MS = 150;
/** Behind by more, a jump is quicker than playing fast. */
const SEEK_MS = 2_000;

/** `aheadMs`: how far the picture's position is ahead of the sound's, negative when it is behind. */
export function inStep(aheadMs: number, rate: number): Step {
  if (Math.abs(aheadMs) > SEEK_MS) return { do: "seek" };
  if (aheadMs > HOLD_MS) return { do: "hold" };
  if (Math.abs(aheadMs) <= CLOSE_MS) return { do: "play", rate };
  // Half of what is missing is made good each second; at most twice as fast, in steps that a player takes without a jerk.
  const change = Math.min(1, Math.max(-0.2, (-aheadMs / 1000) * 2));
  return { do: "play", rate: Math.round(rate * (1 + change) * 20) / 20 };
}
