import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { RecogniserLine } from "./recogniser-line.ts";

export type RecogniserStream = {
  /** False when the recogniser is behind: wait for `drained`. Audio may end inside a sample. */
  hear(audio: Buffer): boolean;
  finalize(): void;
  end(): void;
  /** Ends it without waiting for results. */
  drop(): void;
};

/** Records on the way to the native recogniser: a letter, a 32-bit length, the payload. */
function record(letter: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter, 0, "latin1");
  head.writeUInt32LE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

const NOTHING = Buffer.alloc(0);

/** Speaks with one connection of the native recogniser. `onClose` comes once, after the last line. */
export function openRecogniserStream(
  socket: Socket,
  pauseMs: number,
  on: {
    readonly line: (line: RecogniserLine) => void;
    readonly drained: () => void;
    readonly close: (cause: Error | undefined) => void;
  },
): RecogniserStream {
  let half = NOTHING;
  let failure: Error | undefined;
  const pause = Buffer.alloc(4);
  pause.writeUInt32LE(pauseMs);
  socket.write(record("C", pause));
  socket.on("drain", on.drained);
  const lines = createInterface({ input: socket });
  const fail = (cause: Error) => {
    failure = cause;
  };
  socket.on("error", fail);
  lines.on("error", fail); // The same one: readline passes its input's errors on.
  lines.on("line", (text) => {
    try {
      on.line(RecogniserLine.parse(JSON.parse(text)));
    } catch (cause) {
      failure = new Error("The recogniser wrote a line that is none of its own.", { cause });
      socket.destroy();
    }
  });
  // readline ends after the socket does, and has then given every line.
  let inputEnded = false;
  const closed = () => {
    if (inputEnded) return;
    inputEnded = true;
    on.close(failure);
  };
  lines.on("close", closed);
  socket.on("close", () => lines.close());
  return {
    hear(audio) {
      const whole = half.length > 0 ? Buffer.concat([half, audio]) : audio;
      const even = whole.length - (whole.length % 2);
      half = Buffer.from(whole.subarray(even));
      return even === 0 || socket.write(record("A", whole.subarray(0, even)));
    },
    finalize: () => void socket.write(record("F", NOTHING)),
    end: () => void socket.write(record("E", NOTHING)),
    drop: () => void socket.destroy(),
  };
}
