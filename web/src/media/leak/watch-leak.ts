import { ECHO_LAG_S, ECHO_RATE, likeness } from "@verbatim/shared/sound/echo";
import type { Observable } from "../../observable/observable.ts";
import type { LocalMedia } from "../local-media.ts";
import type { Remote } from "../receiver.ts";
import { createHowlRule, createLeakRule } from "./leak.ts";

export type Leak = "none" | "leaks" | "howls";

const LOOK_EVERY_MS = 500;
/** The longest a browser gives: 0.68 s at 48 kHz, a word of our own and the 300 ms before it. */
const WINDOW = 32_768;

/**
 * Tells when this person's microphone hears their loudspeaker, or both howl. Compared here, in their own page: nobody
 * else is told, nothing of it leaves, and a browser that cancels the echo gives no reason to ask for headphones.
 */
export function watchLeak(
  local: LocalMedia,
  remotes: Observable<readonly Remote[]>,
  tell: (leak: Leak) => void,
): () => void {
  const context = new AudioContext();
  const own = listener(context);
  const others = listener(context);
  const howls = createHowlRule(context.sampleRate / WINDOW);
  const leaks = createLeakRule();
  const spectrum = new Float32Array(WINDOW / 2);
  let said: Leak = "none";

  const follow = (): void => {
    const { microphone } = local.get();
    own.hear(microphone.state === "live" ? [microphone.track] : []);
    others.hear(
      remotes
        .get()
        .filter(({ medium }) => medium === "audio")
        .map(({ track }) => track),
    );
  };
  const look = (): void => {
    if (context.state !== "running") {
      void context.resume();
      return;
    }
    const [mine, theirs] = [own.sound(), others.sound()];
    // What is in the microphone now was played up to 300 ms ago.
    const recent = mine.subarray(Math.round(ECHO_LAG_S * ECHO_RATE));
    own.spectrum(spectrum);
    const leaking = leaks({ ownRms: rms(recent), othersRms: rms(theirs), alike: () => likeness(recent, theirs) });
    const now = howls(spectrum) ? "howls" : leaking ? "leaks" : "none";
    if (now === said) return;
    said = now;
    tell(now);
  };

  const unsubscribes = [local.subscribe(follow), remotes.subscribe(follow)];
  follow();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const unsubscribe of unsubscribes) unsubscribe();
    void context.close();
  };
}

/** Hears any number of tracks as one sound, and plays nothing. */
function listener(context: AudioContext) {
  const analyser = context.createAnalyser();
  analyser.fftSize = WINDOW;
  analyser.smoothingTimeConstant = 0;
  const samples = new Float32Array(WINDOW);
  const step = Math.round(context.sampleRate / ECHO_RATE);
  const heard = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
  return {
    hear(tracks: readonly MediaStreamTrack[]): void {
      for (const [track, source] of heard) {
        if (tracks.includes(track)) continue;
        source.disconnect();
        heard.delete(track);
      }
      for (const track of tracks) {
        if (heard.has(track)) continue;
        const source = context.createMediaStreamSource(new MediaStream([track]));
        source.connect(analyser);
        heard.set(track, source);
      }
    },
    /** The last 0.68 s, at 4 kHz. */
    sound(): Float32Array {
      analyser.getFloatTimeDomainData(samples);
      return Float32Array.from({ length: Math.floor(WINDOW / step) }, (_, i) => {
        let sum = 0;
        for (let j = 0; j < step; j++) sum += samples[i * step + j] ?? 0;
        return sum / step;
      });
    },
    spectrum: (into: Float32Array<ArrayBuffer>): void => analyser.getFloatFrequencyData(into),
  };
}

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}
