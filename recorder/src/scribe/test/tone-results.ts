import type { WebSocket } from "ws";
import { createToneHearing } from "./tone-hearing.ts";

/** Every other stream ends a segment at each word: heard again, the same sound is cut differently, as engines do. */
const ENDPOINT_FRAMES = [30, 6] as const;
const INTERIM_FRAMES = 20;

/** Deepgram's protocol of results that follow one another. `dies` is asked after each 10 ms and closes the socket itself. */
export function tellResults(socket: WebSocket, stream: number, dies: (second: number) => boolean): void {
  const endpointFrames = ENDPOINT_FRAMES[stream % 2 === 1 ? 0 : 1];
  let finalTo = 0;

  const tell = (isFinal: boolean): void => {
    const words = hearing.words.map((each) => ({ ...each, punctuated_word: each.word, confidence: 0.9 }));
    socket.send(
      JSON.stringify({
        type: "Results",
        channel_index: [0, 1],
        start: finalTo / 100,
        duration: (hearing.frames - finalTo) / 100,
        is_final: isFinal,
        channel: { alternatives: [{ words }] },
      }),
    );
    if (!isFinal) return;
    finalTo = hearing.frames;
    hearing.words = [];
  };

  const hearing = createToneHearing((): boolean => {
    const { frames, quiet, words, inTone } = hearing;
    if (quiet === endpointFrames && words.length > 0) tell(true);
    else if (frames - finalTo >= 300 && !inTone && words.length === 0) tell(true);
    else if (words.length > 0 && frames % INTERIM_FRAMES === 0) tell(false);
    return !dies(frames / 100);
  });

  socket.on("message", (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) return hearing.hear(data as Buffer);
    const { type } = JSON.parse(String(data as Buffer)) as { type: string };
    if (type === "KeepAlive") return;
    hearing.endTone();
    tell(true);
    if (type !== "CloseStream") return;
    socket.send(JSON.stringify({ type: "Metadata" }));
    socket.close(1000);
  });
}
