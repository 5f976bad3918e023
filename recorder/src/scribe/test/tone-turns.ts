import type { WebSocket } from "ws";
import { createToneHearing } from "./tone-hearing.ts";

const UPDATE_FRAMES = 24;
/** Where the model is sure that a turn has ended, it takes this much silence. */
const SURE_FRAMES = 26;

/** What a stream may ask for. Deepgram refuses a name that is not among these, and hints to a model of one language. */
const ASKABLE = new Set(
  "model encoding sample_rate keyterm language_hint numerals mip_opt_out eot_threshold eager_eot_threshold eot_timeout_ms tag".split(
    " ",
  ),
);

export const mayAskTurns = (query: URLSearchParams): boolean =>
  query.get("model")?.startsWith("flux-general-") === true &&
  [...query.keys()].every((name) => ASKABLE.has(name)) &&
  (!query.has("language_hint") || query.get("model") === "flux-general-multi");

/**
 * Deepgram's turn-based protocol. Where the model is not `sure` when a turn has ended, a pause ends it, where `pauses`
 * do. `timed`: words come with their times.
 */
export function tellTurns(
  socket: WebSocket,
  stream: number,
  options: {
    readonly query: URLSearchParams;
    readonly timed: boolean;
    readonly sure: (stream: number) => boolean;
    readonly pauses: boolean;
    readonly dies: (second: number) => boolean;
  },
): void {
  const pauseFrames = options.pauses ? Number(options.query.get("eot_timeout_ms") ?? 5_000) / 10 : Number.MAX_VALUE;
  const endFrames = options.sure(stream) ? SURE_FRAMES : pauseFrames;
  let [sequence, turn, turnFrom, toldAt] = [0, 0, 0, 0];
  let speaking = false;

  const say = (message: object): void => socket.send(JSON.stringify({ ...message, sequence_id: sequence++ }));
  const tell = (event: string): void => {
    toldAt = hearing.frames;
    say({
      type: "TurnInfo",
      request_id: "b8d6f4a0-0000-4000-8000-000000000000",
      event,
      turn_index: turn,
      audio_window_start: turnFrom / 100,
      audio_window_end: hearing.frames / 100,
      transcript: hearing.words.map(({ word }) => word).join(" "),
      words: hearing.words.map(({ word, start, end }) => ({
        word,
        confidence: 0.9,
        ...(options.timed && { start, end }),
      })),
      end_of_turn_confidence: 0.5,
      ...(event === "EndOfTurn" && { trigger: "model" }),
    });
  };

  const hearing = createToneHearing((): boolean => {
    if (hearing.inTone && !speaking) {
      speaking = true;
      tell("StartOfTurn");
    } else if (speaking && hearing.quiet >= endFrames) {
      tell("EndOfTurn");
      speaking = false;
      turn++;
      turnFrom = hearing.frames;
      hearing.words = [];
    } else if (hearing.frames - toldAt >= UPDATE_FRAMES) tell("Update");
    return !options.dies(hearing.frames / 100);
  });

  say({ type: "Connected", request_id: "b8d6f4a0-0000-4000-8000-000000000000" });
  socket.on("message", (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) return hearing.hear(data as Buffer);
    const { type } = JSON.parse(String(data as Buffer)) as { type: string };
    if (type === "CloseStream") {
      hearing.endTone();
      if (hearing.frames > toldAt) tell("Update");
      return socket.close(); // Without a code, and without an end of the turn.
    }
    say({ type: "Error", code: "UNPARSABLE_CLIENT_MESSAGE", description: type });
    socket.close();
  });
}
