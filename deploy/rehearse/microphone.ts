import type { BrowserContext } from "playwright-core";

/** 48 kHz mono PCM, s16le. */
export type Voice = { readonly pcm: Buffer; readonly seconds: number };
export const VOICE_RATE = 48_000;
const PIECE_SECONDS = 20;

/**
 * A microphone whose sound we control to the millisecond. Before the page's own scripts run,
 * getUserMedia's audio track is replaced by a Web Audio one: silence (a constant source at 0, or packets stop
 * with the sound), and from `begin` on the voice, at the place where its clock is, also after a reload.
 */
export type Microphone = {
  install(context: BrowserContext): Promise<void>;
  /** The voice begins at this moment (Date.now() of this host). */
  begin(atMs: number): Promise<void>;
};

export function createMicrophone(voice: Voice): Microphone {
  let startedAtMs: number | null = null;
  let context: BrowserContext | undefined;
  return {
    async install(installed) {
      context = installed;
      await installed.exposeFunction("__rehearseStartedAt", () => startedAtMs);
      await installed.exposeFunction("__rehearsePiece", (index: number) => {
        const from = index * PIECE_SECONDS * VOICE_RATE * 2;
        return voice.pcm.subarray(from, from + PIECE_SECONDS * VOICE_RATE * 2).toString("base64");
      });
      await installed.addInitScript(pageMicrophone, {
        rate: VOICE_RATE,
        pieceSeconds: PIECE_SECONDS,
        seconds: voice.seconds,
      });
    },
    async begin(atMs) {
      startedAtMs = atMs;
      for (const page of context?.pages() ?? []) {
        await page.evaluate((at) => window.dispatchEvent(new CustomEvent("rehearse-begin", { detail: at })), atMs);
      }
    },
  };
}

type PageHooks = {
  __rehearseStartedAt(): Promise<number | null>;
  __rehearsePiece(index: number): Promise<string>;
};

/** Runs in the page. Self-contained: it is sent there as text. */
function pageMicrophone(options: { rate: number; pieceSeconds: number; seconds: number }): void {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const hooks = window as unknown as PageHooks;
  const real = devices.getUserMedia.bind(devices);

  /** Pieces join without a seam: all are placed from one anchor on the context's clock. */
  const speak = async (audio: AudioContext, out: AudioNode, startedAtMs: number): Promise<void> => {
    const anchor = audio.currentTime + (startedAtMs - Date.now()) / 1000;
    for (let index = 0; index * options.pieceSeconds < options.seconds; index++) {
      const when = anchor + index * options.pieceSeconds;
      if (when + options.pieceSeconds <= audio.currentTime) continue;
      const text = atob(await hooks.__rehearsePiece(index));
      const samples = new Float32Array(text.length / 2);
      for (let n = 0; n < samples.length; n++) {
        const value = text.charCodeAt(2 * n) | (text.charCodeAt(2 * n + 1) << 8);
        samples[n] = (value >= 32_768 ? value - 65_536 : value) / 32_768;
      }
      if (samples.length === 0) return;
      const buffer = audio.createBuffer(1, samples.length, options.rate);
      buffer.copyToChannel(samples, 0);
      const source = audio.createBufferSource();
      source.buffer = buffer;
      source.connect(out);
      const late = Math.max(0, audio.currentTime - when);
      source.start(when + late, late);
      // The next piece is fetched when half of this one is left.
      const wait = when + options.pieceSeconds / 2 - audio.currentTime;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait) * 1000));
    }
  };
  let track: Promise<MediaStreamTrack> | undefined;

  const makeTrack = async (): Promise<MediaStreamTrack> => {
    // Large buffers: a microphone does not stop because a page is busy, and a late buffer would be heard as that.
    const audio = new AudioContext({ sampleRate: options.rate, latencyHint: "playback" });
    const out = audio.createMediaStreamDestination();
    out.channelCount = 1;
    const silence = audio.createConstantSource();
    silence.offset.value = 0;
    silence.connect(out);
    silence.start();
    const wake = (): void => {
      if (audio.state !== "running") void audio.resume();
    };
    setInterval(wake, 100);
    const begin = async (atMs: number): Promise<void> => {
      while (audio.state !== "running") await new Promise((resolve) => setTimeout(resolve, 20));
      await speak(audio, out, atMs);
    };
    window.addEventListener("rehearse-begin", (event) => void begin((event as CustomEvent<number>).detail));
    const startedAtMs = await hooks.__rehearseStartedAt();
    if (startedAtMs !== null) void begin(startedAtMs);
    const made = out.stream.getAudioTracks()[0];
    if (!made) throw new Error("no audio track");
    return made;
  };

  devices.getUserMedia = async (constraints) => {
    const stream = await real(constraints);
    if (!constraints?.audio) return stream;
    track ??= makeTrack();
    const ours = (await track).clone();
    for (const each of stream.getAudioTracks()) {
      stream.removeTrack(each);
      // Stays open, muted by nobody: the page goes on being one that captures.
      each.enabled = false;
      ours.addEventListener("ended", () => each.stop());
    }
    stream.addTrack(ours);
    return stream;
  };
}
