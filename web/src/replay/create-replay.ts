import type { Piece, Replay as Found, WhyMissing } from "@verbatim/shared/api/replay";
import { createObservable, type Observable } from "../observable/observable.ts";

/** From a position of one of the interview's recordings, ms; to the end of words, or on and on. */
export type Wanted = {
  readonly of: { readonly part: number } | { readonly startedAtMs: number };
  readonly fromMs: number;
  readonly untilMs?: number;
};

export type ReplayState =
  | { readonly phase: "closed" }
  /** `over`: at the end of the words; `ready`: what was waited for is there, and somebody may press. */
  | { readonly phase: "asking" | "playing" | "paused" | "over" | "ready" | "failed" }
  /** Not stored yet: for how long, and until when by this page's clock; null when nobody knows. */
  | { readonly phase: "later"; readonly wait: { readonly ms: number; readonly untilMs: number } | null }
  | { readonly phase: "missing"; readonly why: WhyMissing; readonly goesOnMs: number | null };

export type Replay = {
  readonly state: Observable<ReplayState>;
  /** On the recording's clock, ms. */
  readonly position: Observable<number>;
  readonly play: (wanted: Wanted) => void;
  /** From a position of the same recording, on and on. */
  readonly playOn: (fromMs: number) => void;
  /** Plays on after a pause or a failure; at the end of words, those again. */
  readonly resume: () => void;
  readonly pause: () => void;
  readonly close: () => void;
  /** The element that plays; it is there while this is not closed. Returns the way to let go of it. */
  readonly attach: (audio: HTMLAudioElement) => () => void;
  readonly dispose: () => void;
};

/** After the last word, so that its end is not cut off. */
const TAIL_MS = 1_000;
/** How often to look again for what is late. */
const LOOK_AGAIN_MS = 5_000;
const LOOK_MS = 100;

/**
 * Plays a moment of a recording from what the store holds of it, file after file in one element. Nothing begins to sound
 * but by a press: what comes into the store while one waits is offered.
 */
export function createReplay(deps: {
  readonly ask: (at: Wanted["of"] & { readonly atMs: number }, signal: AbortSignal) => Promise<Found>;
  readonly nowMs: () => number;
}): Replay {
  const state = createObservable<ReplayState>({ phase: "closed" });
  const position = createObservable(0);
  let wanted: Wanted | undefined;
  let element: HTMLAudioElement | undefined;
  let piece: Piece | undefined;
  let next: Piece | null = null;
  /** Ends what was asked for before. */
  let turn = new AbortController();
  let again: ReturnType<typeof setTimeout> | undefined;
  /** Set from choosing a file until it can be placed: up to then the element's time says nothing. */
  let loading: { readonly atMs: number; readonly andPlay: boolean } | undefined;
  /** The file's link failed and a fresh one was asked for: failing again now means more than that. */
  let afresh = false;

  const endMs = (): number => (wanted?.untilMs === undefined ? Number.POSITIVE_INFINITY : wanted.untilMs + TAIL_MS);

  const end = (): void => {
    turn.abort();
    clearTimeout(again);
  };
  const begin = (): AbortSignal => {
    end();
    turn = new AbortController();
    return turn.signal;
  };

  /** Asks what is stored at a position, and goes on from the answer. */
  const look = async (atMs: number, andPlay: boolean): Promise<void> => {
    const signal = begin();
    if (!wanted) return;
    element?.pause();
    // An element that comes meanwhile does not take what was played before for the answer.
    [piece, next, loading] = [undefined, null, undefined];
    position.set(atMs);
    // Who waits goes on reading why.
    if (state.get().phase !== "later") state.set({ phase: "asking" });
    let found: Found;
    try {
      found = await deps.ask({ ...wanted.of, atMs }, signal);
    } catch {
      // Whatever it was: the bar says so, and a press asks again.
      if (!signal.aborted) state.set({ phase: "failed" });
      return;
    }
    if (signal.aborted) return;
    switch (found.state) {
      case "stored":
        next = found.next;
        load(found.piece, atMs, andPlay);
        return;
      case "later": {
        const { inMs } = found;
        const wait = inMs === null ? null : { ms: inMs, untilMs: deps.nowMs() + inMs };
        state.set({ phase: "later", wait });
        if (element) again = setTimeout(() => void look(atMs, false), inMs ?? LOOK_AGAIN_MS);
        return;
      }
      case "missing":
      default:
        afresh = false;
        state.set({ phase: "missing", why: found.why, goesOnMs: found.goesOnMs });
    }
  };

  const load = (file: Piece, atMs: number, andPlay: boolean): void => {
    piece = file;
    loading = { atMs, andPlay };
    if (!element) return;
    element.src = file.url;
    element.load();
  };

  const loaded = (audio: HTMLAudioElement): void => {
    if (!piece || !loading) return;
    const { atMs, andPlay } = loading;
    loading = undefined;
    audio.currentTime = Math.max(0, atMs - piece.startMs) / 1000;
    if (andPlay) start(audio);
    else if (state.get().phase !== "paused") state.set({ phase: "ready" });
  };

  const start = (audio: HTMLAudioElement): void => {
    state.set({ phase: "playing" });
    audio.play().catch((thrown: unknown) => {
      // The browser wants a press for it. Any other refusal is another file's turn, or an error that the element tells.
      if (thrown instanceof DOMException && thrown.name === "NotAllowedError") state.set({ phase: "paused" });
    });
  };

  const failed = (): void => {
    if (state.get().phase === "closed") return;
    if (!afresh) {
      afresh = true;
      return void look(position.get(), loading?.andPlay ?? state.get().phase === "playing");
    }
    afresh = false;
    state.set({ phase: "failed" });
  };

  /** The file is at its end. */
  const goOn = (): void => {
    if (!piece) return;
    const atMs = piece.untilMs;
    if (wanted?.untilMs !== undefined && atMs >= wanted.untilMs) return over();
    if (!next) return void look(atMs, true);
    load(next, atMs, true);
    next = null;
    void lookBeyond(atMs);
  };

  /** What follows the file that has just begun. */
  const lookBeyond = async (atMs: number): Promise<void> => {
    const signal = begin();
    if (!wanted) return;
    try {
      const found = await deps.ask({ ...wanted.of, atMs }, signal);
      if (!signal.aborted && found.state === "stored") next = found.next;
    } catch {
      // It is asked for again where the file ends.
    }
  };

  const over = (): void => {
    element?.pause();
    state.set({ phase: "over" });
  };

  const watch = (): void => {
    if (!element || !piece || loading || state.get().phase !== "playing") return;
    const atMs = piece.startMs + element.currentTime * 1000;
    position.set(Math.round(Math.min(atMs, piece.untilMs)));
    if (atMs >= endMs()) over();
    else if (atMs >= piece.untilMs || element.ended) goOn();
  };

  const play = (what: Wanted): void => {
    wanted = what;
    afresh = false;
    state.set({ phase: "asking" });
    void look(what.fromMs, true);
  };

  const close = (): void => {
    end();
    [wanted, piece, next, loading] = [undefined, undefined, null, undefined];
    element?.pause();
    state.set({ phase: "closed" });
  };

  return {
    state,
    position,
    play,
    playOn: (fromMs) => {
      if (wanted) play({ of: wanted.of, fromMs });
    },
    resume: () => {
      const { phase } = state.get();
      if (!wanted) return;
      if (phase === "over") play(wanted);
      else if (phase === "failed" || !element || loading) void look(position.get(), true);
      else start(element);
    },
    pause: () => {
      element?.pause();
      // A file that is on its way is placed, and does not sound.
      if (loading) loading = { ...loading, andPlay: false };
      if (state.get().phase === "playing") state.set({ phase: "paused" });
    },
    close,
    attach: (audio) => {
      element = audio;
      const off = new AbortController();
      const { signal } = off;
      audio.addEventListener("loadedmetadata", () => loaded(audio), { signal });
      audio.addEventListener("canplay", () => (afresh = false), { signal });
      audio.addEventListener("error", failed, { signal });
      audio.addEventListener("ended", watch, { signal });
      // A headset's button, or a phone that takes a call.
      audio.addEventListener(
        "pause",
        () => {
          if (!loading && !audio.ended && state.get().phase === "playing") state.set({ phase: "paused" });
        },
        { signal },
      );
      const ticking = setInterval(watch, LOOK_MS);
      if (piece && loading) load(piece, loading.atMs, loading.andPlay);
      else if (state.get().phase === "later") void look(position.get(), false);
      return () => {
        off.abort();
        clearInterval(ticking);
        // Nobody sees the answer: what is late is asked for again when somebody does.
        clearTimeout(again);
        audio.pause();
        element = undefined;
        // Another element would stand where this one did, and sound when somebody presses.
        if (piece) loading = { atMs: position.get(), andPlay: false };
        if (state.get().phase === "playing") state.set({ phase: "paused" });
      };
    },
    dispose: close,
  };
}
