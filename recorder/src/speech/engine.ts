import type { SpeechEngineName } from "@verbatim/shared/speech/service";

/** A word on the clock of the stream it was heard in: seconds of audio sent since the stream was opened. */
export type EngineWord = {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  readonly confidence: number;
};

/** What the engine makes of [startS, endS). Interims are replaced by the next; finals follow one another. */
export type EngineResult = {
  readonly startS: number;
  readonly endS: number;
  readonly isFinal: boolean;
  readonly words: readonly EngineWord[];
};

export type EngineClose =
  /** It has said everything about what it was given. */
  | { readonly kind: "ended" }
  /** Worth another try, with the audio since the last final. `reason` is a sentence for people, where one is known. */
  | { readonly kind: "lost"; readonly detail: string; readonly reason?: string }
  /** Trying again will not help until something is changed. `reason` is a sentence for people. */
  | { readonly kind: "refused"; readonly what: "key" | "request"; readonly reason: string };

/** One stream of 16 kHz, 16-bit, mono audio. Calls on a stream that is not open yet or gone do nothing. */
export type EngineStream = {
  send(pcm: Uint8Array): void;
  keepAlive(): void;
  /** Asks for the final result of what was sent so far. */
  finalize(): void;
  /** No more audio: the rest of the results come, then `ended`. */
  end(): void;
  /** Leaves without waiting; nothing is called after it. */
  drop(): void;
};

export type EngineHandlers = {
  readonly open: () => void;
  readonly result: (result: EngineResult) => void;
  /** Asked when what is said next cannot be made out: true when it was tried so often, for so long, that it is to be left out. */
  readonly givesUp: () => boolean;
  /** Once, last. */
  readonly close: (close: EngineClose) => void;
};

/** What is known of a talk before a word of it is heard. */
export type Talk = {
  /** BCP 47. */
  readonly language: string;
  /** To listen for, the most wanted first; an engine takes as many as it may. */
  readonly keyTerms: readonly string[];
};

export type SpeechEngine = {
  readonly name: SpeechEngineName;
  /** Undefined when it can, else a sentence for people. */
  whyNot(language: string): string | undefined;
  /**
   * Seconds of sound that a stream which replaces a lost one is to hear again first: what it makes of speech depends on
   * what it heard before. Their words are known and are not told again.
   */
  readonly leadInS?: number;
  /** Where no command ends what is being said: so much silence does, and is to be sent before `finalize` and `end`. */
  readonly silenceToEndS?: number;
  open(talk: Talk, handlers: EngineHandlers): EngineStream;
};
