import type { Transition } from "@verbatim/shared/recording/control";

/**
 * What becomes of a packet by its arrival: written; held in memory, because a Start or a resume that we have
 * not heard of yet may claim it; or dropped, because it is certain that nobody asked for it.
 */
export type Keep = "write" | "hold" | "drop";

/** The recording's transitions as a rule for packets. */
export type Phases = {
  keep(arrivalUs: number): Keep;
  /** When it was closed, once it is. */
  readonly closedUs: number | undefined;
};

/** Before anything is known of a recording everything is held. */
export const noPhases: Phases = { keep: () => "hold", closedUs: undefined };

/**
 * Recording is written. After Stop too, so that it can be undone without a hole; not after a Stop in a pause,
 * whose undoing returns to the pause. Transitions that the sfu has not stamped yet do not count.
 */
export function phasesOf(transitions: readonly Transition[]): Phases {
  const steps: { fromUs: number; keep: "write" | "wait" }[] = [];
  let closedUs: number | undefined;
  for (const { to, atUs } of transitions.toSorted((a, b) => a.revision - b.revision)) {
    if (atUs === null) continue;
    const before = steps.at(-1);
    // A stamp never lies before the one it follows; should it, the order of revisions counts.
    const fromUs = Math.max(atUs, before?.fromUs ?? 0);
    if (to === "closed") closedUs ??= fromUs;
    if (to === "recording") steps.push({ fromUs, keep: "write" });
    else if (to === "stopped") steps.push({ fromUs, keep: before?.keep ?? "wait" });
    else steps.push({ fromUs, keep: "wait" });
  }
  return {
    closedUs,
    keep(arrivalUs) {
      let at = steps.length - 1;
      let step = steps[at];
      while (step && step.fromUs > arrivalUs) step = steps[--at];
      if (step?.keep === "write") return "write";
      // A transition that follows is known: nothing can claim the packet any more.
      return at === steps.length - 1 ? "hold" : "drop";
    },
  };
}
