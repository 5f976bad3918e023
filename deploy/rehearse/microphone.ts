import type { BrowserContext } from "playwright-core";
import { pageMicrophone } from "./page-microphone.ts";

/** 48 kHz mono PCM, s16le. */
export type Voice = { readonly pcm: Buffer; readonly seconds: number };
export const VOICE_RATE = 48_000;

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

/** `tell` hears of sound that came too late to be heard whole. */
export function createMicrophone(voice: Voice, tell: (line: string) => void): Microphone {
  let startedAtMs: number | null = null;
  let context: BrowserContext | undefined;
  const pieces = piecesOf(voice.pcm);
  return {
    async install(installed) {
      context = installed;
      await installed.exposeFunction("__rehearseStartedAt", () => startedAtMs);
      await installed.exposeFunction("__rehearseTell", tell);
      await installed.exposeFunction("__rehearsePiece", (index: number) => {
        const { from = 0, to = 0 } = pieces[index] ?? {};
        return voice.pcm.subarray(2 * from, 2 * to).toString("base64");
      });
      await installed.addInitScript(pageMicrophone, {
        rate: VOICE_RATE,
        pieces: pieces.map(({ from, to }) => ({ fromSeconds: from / VOICE_RATE, toSeconds: to / VOICE_RATE })),
      });
    },
    async begin(atMs) {
      startedAtMs = atMs;
      const pages = context?.pages() ?? [];
      await Promise.all(
        pages.map((page) =>
          page.evaluate((at) => window.dispatchEvent(new CustomEvent("rehearse-begin", { detail: at })), atMs),
        ),
      );
    },
  };
}

type Piece = { readonly from: number; readonly to: number };

const QUIET = 200;
const PAUSE_SAMPLES = 0.25 * VOICE_RATE;
const LONGEST_SAMPLES = 20 * VOICE_RATE;
/** The soft begin of a word belongs to it. */
const EDGE_SAMPLES = PAUSE_SAMPLES / 2;

/**
 * A voice as ranges of samples that join without a hole: each utterance begins one, just before it, because there a seam
 * is not heard; what is longer than 20 s is cut in parts. Only stretches of exact silence are left out.
 */
export function piecesOf(pcm: Buffer): Piece[] {
  const length = pcm.length >> 1;
  const bounds = [...utteranceBegins(pcm), length];
  let from = 0;
  return bounds.flatMap((to) => {
    const pieces: Piece[] = [];
    for (; from < to; from = Math.min(from + LONGEST_SAMPLES, to)) {
      const piece = { from, to: Math.min(from + LONGEST_SAMPLES, to) };
      if (pcm.subarray(2 * piece.from, 2 * piece.to).some((byte) => byte !== 0)) pieces.push(piece);
    }
    return pieces;
  });
}

function utteranceBegins(pcm: Buffer): number[] {
  const begins: number[] = [];
  let last = -Infinity;
  for (let n = 0; n < pcm.length >> 1; n++) {
    if (Math.abs(pcm.readInt16LE(2 * n)) < QUIET) continue;
    if (n - last >= PAUSE_SAMPLES) begins.push(Math.max(0, n - EDGE_SAMPLES));
    last = n;
  }
  return begins;
}
