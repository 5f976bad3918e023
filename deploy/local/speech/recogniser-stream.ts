import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { RecogniserLine } from "./recogniser-line.ts";

/** Two minutes of audio. Held here, and not in the client's connection: only who reads notices that the client is gone. */
const MOST_HELD_BYTES = 4_000_000;

export type RecogniserStream = {
  /** False when the recogniser is behind and as much is held as may be: wait for `drained`. Audio may end inside a sample. */
  hear(audio: Buffer): boolean;
  finalize(): void;
  end(): void;
  /** The client is gone: what it sent is heard no further, and nothing is told any more. */
  drop(): void;
  /** True while audio waits for the recogniser. */
  readonly behind: boolean;
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
  let held: Buffer[] = [];
  let heldBytes = 0;
  let full = false;
  let failure: Error | undefined;
  const pause = Buffer.alloc(4);
  pause.writeUInt32LE(pauseMs);
  const pass = (next: Buffer): void => {
    if (held.length === 0 && !socket.writableNeedDrain) return void socket.write(next);
    held.push(next);
    heldBytes += next.length;
    full ||= heldBytes > MOST_HELD_BYTES;
  };
  pass(record("C", pause));
  socket.on("drain", () => {
    while (!socket.writableNeedDrain) {
      const next = held.shift();
      if (!next) break;
      heldBytes -= next.length;
      socket.write(next);
    }
    if (!full || heldBytes > MOST_HELD_BYTES / 2) return;
    full = false;
    on.drained();
  });
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
      if (even > 0) pass(record("A", whole.subarray(0, even)));
      return !full;
    },
    finalize: () => pass(record("F", NOTHING)),
    end: () => pass(record("E", NOTHING)),
    drop() {
      inputEnded = true;
      held = [];
      socket.destroy();
    },
    get behind() {
      return held.length > 0;
    },
  };
}
