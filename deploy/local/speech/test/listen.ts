import { type Deepgram, DeepgramClient } from "@deepgram/sdk";

type Connect = Parameters<DeepgramClient["listen"]["v1"]["connect"]>[0];
type Socket = Awaited<ReturnType<DeepgramClient["listen"]["v1"]["connect"]>>;
export type Results = Deepgram.listen.ListenV1Results;
type Message =
  | Results
  | Deepgram.listen.ListenV1Metadata
  | Deepgram.listen.ListenV1UtteranceEnd
  | Deepgram.listen.ListenV1SpeechStarted;
export type Arrived<T> = T & { readonly atMs: number };

export type Listening = {
  readonly socket: Socket;
  readonly messages: Arrived<Message>[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Hands the audio over in frames, as it would come from a call, `speed` times as fast. Returns when each sample went. */
  play(pcm: Buffer, options?: { readonly frameMs?: number; readonly speed?: number }): Promise<void>;
  /** When the audio up to this position (ms on the stream's clock) had been handed over. */
  handedAtMs(positionMs: number): number;
  until(done: (messages: readonly Arrived<Message>[]) => boolean, withinMs?: number): Promise<void>;
  results(): Arrived<Results>[];
  finals(): Arrived<Results>[];
};

export const usual = {
  model: "nova-3",
  language: "en-US",
  encoding: "linear16",
  sample_rate: 16_000,
  interim_results: "true",
  endpointing: 500,
} as const;

/** Deepgram's own SDK against our server, nothing of it replaced. */
export async function listen(port: number, args: Partial<Connect> = {}): Promise<Listening> {
  const base = `http://127.0.0.1:${port}`;
  const client = new DeepgramClient({
    apiKey: "offline",
    environment: {
      base,
      production: base.replace("http", "ws"),
      agent: base.replace("http", "ws"),
      agentRest: base,
    },
  });
  const socket = await client.listen.v1.connect({ ...usual, reconnectAttempts: 0, ...args } as Connect);
  const messages: Arrived<Message>[] = [];
  const waiting = new Set<() => void>();
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  socket.on("message", (message) => {
    messages.push({ ...message, atMs: performance.now() });
    for (const wake of waiting) wake();
  });
  socket.on("error", () => undefined); // The close says the same.
  socket.on("close", (event) => {
    closed.resolve({ code: event.code, reason: event.reason });
    for (const wake of waiting) wake();
  });
  socket.connect();
  await socket.waitForOpen();
  const handed: { positionMs: number; atMs: number }[] = [];
  let sentMs = 0;

  const listening: Listening = {
    socket,
    messages,
    closed: closed.promise,
    async play(pcm, { frameMs = 20, speed = 1 } = {}) {
      const began = performance.now();
      for (let at = 0; at < pcm.length; at += frameMs * 32) {
        // A frame can be sent when its last sample has been spoken.
        const due = began + Math.min(at / 32 + frameMs, pcm.length / 32) / speed;
        const waitMs = due - performance.now();
        if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
        const frame = pcm.subarray(at, at + frameMs * 32);
        socket.sendMedia(frame);
        sentMs += frame.length / 32;
        handed.push({ positionMs: sentMs, atMs: performance.now() });
      }
    },
    handedAtMs: (positionMs) => handed.find((each) => each.positionMs >= positionMs)?.atMs ?? Number.NaN,
    async until(done, withinMs = 10_000) {
      const deadline = performance.now() + withinMs;
      while (!done(messages)) {
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`Not within ${withinMs} ms. Last: ${JSON.stringify(messages.at(-1))}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        const timer = setTimeout(resolve, left);
        await promise;
        clearTimeout(timer);
        waiting.delete(resolve);
      }
    },
    results: () => messages.filter((message) => message.type === "Results"),
    finals: () => listening.results().filter((message) => message.is_final),
  };
  return listening;
}

export const wordsOf = (results: readonly Results[]) =>
  results.flatMap((each) => each.channel.alternatives[0]?.words ?? []);

export const textOf = (results: readonly Results[]): string =>
  wordsOf(results)
    .map((word) => word.word)
    .join(" ");

/** Words inserted, lost and replaced between what was said and what was heard. */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, index) => index + 1);
  for (const [i, word] of said.entries()) {
    let left = i + 1;
    let diagonal = i;
    row = row.map((above, j) => {
      left = Math.min(above + 1, left + 1, diagonal + (word === heard[j] ? 0 : 1));
      diagonal = above;
      return left;
    });
  }
  return row.at(-1) ?? said.length;
}
