import { WebSocket } from "ws";
import type { EngineClose, EngineHandlers, EngineStream, SpeechEngine, Talk } from "../engine.ts";
import { refusalOf, refusalOfCode } from "../refusal.ts";
import { ServerEvent, sessionUpdate } from "./openai-protocol.ts";
import { type Likely, spreadWords } from "./spread-words.ts";
import { createTurnTaker, type Turn, type TurnNews } from "./take-turns.ts";
import { createUpsampler } from "./to-24k.ts";

const OPEN_WITHIN_MS = 10_000;
const MAX_FRAME_BYTES = 256 * 1024;
/** Less than 100 ms it refuses to commit: what is shorter, as a word cut off by Stop, is sent with silence behind it. */
const LEAST_SAMPLES = 0.12 * 24_000;

const codes = {
  invalid_api_key: "key",
  insufficient_quota: "credit",
  model_not_found: "request",
  invalid_value: "request",
  unsupported_language: "request",
  rate_limit_exceeded: "busy",
} as const;

/** A turn that was handed over. Items are made in the order of turns, so the first unknown item is the first such turn's. */
type Asked = { turn: Turn; item: string | undefined; text: string; done: readonly Likely[] | undefined };

/**
 * OpenAI's realtime transcription. It is given speech alone, turn by turn, and tells no times: words are spread over
 * the voice of their turn. Text that comes while a turn is spoken is interim, its last word final.
 */
export function createOpenAiEngine(options: {
  readonly apiKey: string;
  /** http(s) base, as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly whyNot: (language: string) => string | undefined;
}): SpeechEngine {
  const url = `${options.baseUrl.replace(/\/+$/, "").replace(/^http/, "ws")}/realtime?intent=transcription`;
  return {
    name: "openai",
    whyNot: options.whyNot,
    open: (talk, handlers) => openStream({ url, apiKey: options.apiKey, model: options.model, talk, handlers }),
  };
}

function openStream(to: {
  readonly url: string;
  readonly apiKey: string;
  readonly model: string;
  readonly talk: Talk;
  readonly handlers: EngineHandlers;
}): EngineStream {
  const { handlers } = to;
  const turns = createTurnTaker();
  const faster = createUpsampler();
  const asked: Asked[] = [];
  let state: "opening" | "open" | "ending" | "gone" = "opening";
  let refusal: EngineClose | undefined;
  let settledS = 0;
  let quietS = 0;
  /** Samples given since the last commit. */
  let given = 0;
  const socket = new WebSocket(to.url, {
    headers: { authorization: `Bearer ${to.apiKey}` },
    maxPayload: MAX_FRAME_BYTES,
    handshakeTimeout: OPEN_WITHIN_MS,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const deadline = setTimeout(() => lost("no session within the time"), OPEN_WITHIN_MS);

  const finish = (close: EngineClose): void => {
    if (state === "gone") return;
    state = "gone";
    clearTimeout(deadline);
    socket.close();
    handlers.close(close);
  };
  const lost = (detail: string): void => finish(refusal ?? { kind: "lost", detail });
  const say = (event: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
  };

  const append = (pcm: Int16Array): void => {
    given += pcm.length;
    const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString("base64");
    say({ type: "input_audio_buffer.append", audio });
  };

  /** What is known for good, in order: turns whose text is whole, and the quiet behind the last of them. */
  const settle = (): void => {
    for (let first = asked[0]; first?.done; first = asked[0]) {
      asked.shift();
      tellFinal(first.turn.toS, spreadWords(first.text, first.turn, first.done));
    }
    const underWay = turns.current;
    if (asked.length === 0 && !underWay && quietS > settledS + 0.05) tellFinal(quietS, []);
    if (state === "ending" && asked.length === 0) finish({ kind: "ended" });
  };
  const tellFinal = (toS: number, words: ReturnType<typeof spreadWords>): void => {
    const startS = settledS;
    settledS = Math.max(settledS, toS);
    handlers.result({ startS, endS: settledS, isFinal: true, words });
  };

  const obey = (news: readonly TurnNews[]): void => {
    for (const each of news) {
      if (each.type === "quiet") quietS = Math.max(quietS, each.toS);
      if (each.type === "sound") append(faster(each.pcm));
      if (each.type === "turn") {
        // Text of a turn under way is kept in the entry that was made for its first word.
        const begun = asked.find(({ turn }) => turn.fromS === each.turn.fromS);
        if (begun) begun.turn = each.turn;
        else asked.push({ turn: each.turn, item: undefined, text: "", done: undefined });
        if (given < LEAST_SAMPLES) append(new Int16Array(LEAST_SAMPLES - given));
        given = 0;
        say({ type: "input_audio_buffer.commit" });
      }
    }
    if (state !== "gone") settle();
  };

  const entryOf = (item: string): Asked | undefined => {
    const known = asked.find((each) => each.item === item) ?? asked.find((each) => each.item === undefined);
    const { current } = turns;
    const entry = known ?? (current && { turn: current, item, text: "", done: undefined });
    if (entry && !known) asked.push(entry);
    if (entry) entry.item = item;
    return entry;
  };

  const onEvent = (event: ServerEvent): void => {
    switch (event.type) {
      case "session.updated":
        if (state !== "opening") return;
        state = "open";
        clearTimeout(deadline);
        return handlers.open();
      case "input_audio_buffer.committed":
        return void entryOf(event.item_id);
      case "conversation.item.input_audio_transcription.delta": {
        const entry = entryOf(event.item_id);
        if (!entry) return;
        entry.text += event.delta;
        const { current } = turns;
        const turn = current?.fromS === entry.turn.fromS ? current : entry.turn;
        // Only the first that is not settled is shown: another one's words would stand before it.
        if (entry !== asked[0]) return;
        const words = spreadWords(entry.text, turn);
        return handlers.result({ startS: settledS, endS: turn.toS, isFinal: false, words });
      }
      case "conversation.item.input_audio_transcription.completed": {
        const entry = entryOf(event.item_id);
        if (!entry) return;
        Object.assign(entry, { text: event.transcript, done: event.logprobs ?? [] });
        return settle();
      }
      case "conversation.item.input_audio_transcription.failed": {
        const entry = entryOf(event.item_id);
        refusal ??= refusalOfCode(codes, event.error.code ?? event.error.type ?? "");
        if (refusal || !handlers.givesUp() || !entry) return lost("a turn was not transcribed");
        Object.assign(entry, { text: "", done: [] });
        return settle();
      }
      case "error":
        refusal ??= refusalOfCode(codes, event.error.code ?? event.error.type ?? "");
        // What it will not have before the session stands, it will not have the next time.
        if (state === "opening") refusal ??= refusalOf("400");
        return lost(event.error.code ?? "error");
    }
  };

  socket.on("open", () => say(sessionUpdate(to.model, to.talk)));
  socket.on("message", (data, isBinary) => {
    if (state === "gone" || isBinary) return;
    const event = readEvent(Buffer.isBuffer(data) ? data.toString("utf8") : "");
    if (event) onEvent(event);
  });
  socket.on("error", (error) => {
    refusal ??= state === "opening" ? refusalOf(error.message) : undefined;
    lost(error.message);
  });
  socket.on("close", (code) => lost(`closed with ${code}`));

  return {
    send(pcm) {
      if (state !== "open") return;
      const aligned = Uint8Array.from(pcm);
      obey(turns.push(new Int16Array(aligned.buffer, 0, aligned.length >> 1)));
    },
    keepAlive: () => void (socket.readyState === WebSocket.OPEN && socket.ping()),
    finalize: () => void (state === "open" && obey(turns.finish())),
    end() {
      if (state !== "open") return;
      state = "ending";
      obey(turns.finish());
    },
    drop() {
      state = "gone";
      clearTimeout(deadline);
      socket.terminate();
    },
  };
}

function readEvent(text: string): ServerEvent | undefined {
  try {
    return ServerEvent.safeParse(JSON.parse(text)).data; // Others concern the conversation, of which there is none.
  } catch {
    return undefined; // Not JSON: nothing that we could act on; silence is noticed by itself.
  }
}
