import { useMutation } from "@tanstack/react-query";
import { playTestSound } from "../media/test-sound.ts";
import { useWords } from "../words/words.ts";

/** Two notes through the speaker that is chosen, and what to say about them. */
export function useTestSound(speakerId: string) {
  const words = useWords().entrance.devices;
  const sound = useMutation({ mutationFn: () => playTestSound(speakerId), networkMode: "always" });
  return {
    play: () => sound.mutate(),
    playing: sound.isPending,
    state: sound.isError ? "wrong" : sound.isSuccess ? "good" : "open",
    said: sound.isError ? words.speakerFailed : sound.isIdle ? words.speakerRemedy : words.playing,
  } as const;
}

export type TestSound = ReturnType<typeof useTestSound>;
