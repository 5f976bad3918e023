import type { WhyMissing } from "@verbatim/shared/api/replay";

/** Playing a moment of a recording before its master is made, as in the call. */
export const replay = {
  label: "Played from the recording",
  onlyYou: "Only you hear this.",
  play: "Play",
  again: "Play again",
  pause: "Pause",
  close: "Close (Esc)",
  asking: "Looking in the recording…",
  ready: "This can be played now. Only you hear it.",
  over: "Played to its end.",
  later: (seconds: number) =>
    seconds === 1 ? "This can be played in about 1 second." : `This can be played in about ${seconds} seconds.`,
  late: "This is recorded and not in the store yet. It can be played as soon as it is.",
  missing: {
    paused: "Recording was paused here.",
    recorder: "The recorder was away here: nothing is held.",
    nobody: "Nobody who is recorded was in the call here.",
    end: "Nothing is recorded here.",
  } satisfies Record<WhyMissing, string>,
  playOn: (clock: string) => `Play from ${clock}`,
  failed: "The sound could not be loaded. The call and its recording go on.",
  tryAgain: "Try again",
};
