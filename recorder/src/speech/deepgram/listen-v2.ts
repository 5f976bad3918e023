import type { DeepgramClient } from "@deepgram/sdk";
import { MIX_RATE } from "@verbatim/shared/clock";
import type { EngineHandlers, EngineStream, Talk } from "../engine.ts";
import { CONNECT_TIMEOUT_S, openDeepgramSocket } from "./deepgram-socket.ts";
import { followTurns } from "./follow-turns.ts";
import { keyTermsOf } from "./key-terms.ts";
import { TurnMessage } from "./turn-info.ts";

/** A pause that ends a turn, however unsure the model is that it has ended. Its own choice is 5 s. */
const PAUSE_MS = 1_000;
/**
 * Silence that ends a turn: by the pause above. The protocol's own command for it is not understood by every server,
 * and those that do not close the stream; and it ends a turn on what was written down so far, which may lack a word.
 */
export const SILENCE_TO_END_S = 2;
/** 80 ms, as Deepgram asks for; smaller pieces make its answers later. */
const PIECE_BYTES = 0.08 * MIX_RATE * 2;

/** What else nova takes, this protocol refuses; it punctuates by itself. */
const query = (model: string, { language, keyTerms }: Talk) => ({
  model,
  // A model of one language refuses to be told which.
  ...(model.includes("-multi") && { language_hint: language }),
  ...keyTermsOf(keyTerms),
  encoding: "linear16" as const,
  sample_rate: MIX_RATE,
  numerals: "true" as const,
  eot_timeout_ms: PAUSE_MS,
  // Interviews are no training material.
  mip_opt_out: true,
  // As for nova: the SDK's own loop is not to be relied on.
  reconnectAttempts: 0,
  connectionTimeoutInSeconds: CONNECT_TIMEOUT_S,
});

/** Deepgram's turn-based streaming protocol, of the Flux models: a turn's text grows and changes until it ends. */
export function openListenV2(
  client: DeepgramClient,
  model: string,
  talk: Talk,
  handlers: EngineHandlers,
): EngineStream {
  const turns = followTurns();
  let rest = Buffer.alloc(0);
  let sentS = 0;
  const socket = openDeepgramSocket({
    connect: () => client.listen.v2.connect(query(model, talk)),
    onOpen: handlers.open,
    onMessage(message) {
      const { data } = TurnMessage.safeParse(message); // Others say that it is connected, or warn.
      if (data?.type === "TurnInfo") handlers.result(turns.follow(data));
      if (data?.type === "Error") socket.fail(`error ${data.code}`);
    },
    // What it was given last is silence of ours: all is said when it has come to that.
    hasSaidAll: () => turns.heardToS >= sentS - SILENCE_TO_END_S / 2,
    onClose(close) {
      if (close.kind === "ended") handlers.result(turns.end());
      handlers.close(close);
    },
  });

  const pour = (bytes: number): void => {
    const piece = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    sentS += piece.length / 2 / MIX_RATE;
    if (piece.length > 0) socket.use((on) => on.sendMedia(piece));
  };

  return {
    send(pcm) {
      const aligned = Uint8Array.from(pcm);
      turns.hear(new Int16Array(aligned.buffer, 0, aligned.length >> 1));
      rest = Buffer.concat([rest, pcm]);
      pour(rest.length - (rest.length % PIECE_BYTES));
    },
    // It knows no message for this; any sign of life counts for a minute.
    keepAlive: () =>
      socket.use((on) => {
        if ("ping" in on && typeof on.ping === "function") on.ping();
      }),
    finalize: () => undefined, // By the silence that was sent before.
    end() {
      pour(rest.length);
      socket.end();
    },
    drop: socket.drop,
  };
}
