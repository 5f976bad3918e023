import { measureLevel } from "./level.ts";
import type { LocalMedia } from "./local-media.ts";

/** Looks 20 times a second. A voice for half a second is speaking, not a cough or a key. */
const LOUD = 0.5;
const LOUD_LOOKS = 10;
/** The words stay until this long after the last loud look: they are read by somebody who is speaking. */
const QUIET_LOOKS = 60;

/** Counts looks at a level, and answers whether somebody speaks. */
export function createSpeaking(): (level: number) => boolean {
  let loud = 0;
  let quiet = QUIET_LOOKS;
  let speaking = false;
  return (level) => {
    loud = level > LOUD ? Math.min(LOUD_LOOKS, loud + 1) : Math.max(0, loud - 0.5);
    quiet = level > LOUD ? 0 : quiet + 1;
    if (loud >= LOUD_LOOKS) speaking = true;
    if (quiet >= QUIET_LOOKS) speaking = false;
    return speaking;
  };
}

/**
 * Tells when a person who is muted speaks. The sound is looked at on a copy of the track that goes nowhere: what is sent
 * stays silent, and nothing of this leaves the page.
 */
export function watchMutedSpeech(local: LocalMedia, tell: (speaking: boolean) => void): () => void {
  let watched: { readonly track: MediaStreamTrack; readonly stop: () => void } | undefined;
  let said = false;
  const say = (speaking: boolean): void => {
    if (speaking === said) return;
    said = speaking;
    tell(speaking);
  };
  const end = (): void => {
    watched?.stop();
    watched = undefined;
    say(false);
  };
  const follow = (): void => {
    const { muted, microphone } = local.get();
    const track = muted && microphone.state === "live" ? microphone.track : undefined;
    if (watched?.track === track) return;
    end();
    if (!track) return;
    const copy = track.clone();
    copy.enabled = true;
    const speaking = createSpeaking();
    const unmeasure = measureLevel(copy, (level) => say(speaking(level)));
    watched = {
      track,
      stop: () => {
        unmeasure();
        copy.stop();
      },
    };
  };
  const unsubscribe = local.subscribe(follow);
  follow();
  return () => {
    unsubscribe();
    end();
  };
}
