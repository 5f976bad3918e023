import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { unreachable } from "@verbatim/shared/assert";
import type { Log } from "@verbatim/hands/log";
import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import { metadata, results, speechStarted, utteranceEnd } from "./listen-message.ts";
import type { ListenOptions } from "./listen-query.ts";
import type { Final, Partial, RecogniserLine } from "./recogniser-line.ts";
import { openRecogniserStream } from "./recogniser-stream.ts";

/** The text frames of a client. */
const Command = z.object({ type: z.enum(["KeepAlive", "Finalize", "CloseStream"]) });

/** A client that does not read its results is let go before they fill our memory. */
const MOST_BUFFERED_BYTES = 4_000_000;

/** Serves one client until its socket closes. */
export function runListenSession(session: {
  readonly socket: WebSocket;
  readonly recogniser: Socket;
  readonly options: ListenOptions;
  readonly requestId: string;
  /** A client that sends neither audio nor KeepAlive for this long is closed, as Deepgram does after 10 s. */
  readonly silenceLimitMs: number;
  readonly now: () => Date;
  readonly log: Log;
}): void {
  const { socket, options, requestId, log } = session;
  const created = session.now();
  const digest = createHash("sha256");
  let bytes = 0;
  let from = 0;
  let opens = true;
  let closing = false;
  let lastWordEnd: number | undefined;

  const stream = openRecogniserStream(session.recogniser, options.pauseMs, {
    line: tell,
    drained: () => socket.resume(),
    close: (cause) => {
      clearTimeout(silence);
      if (cause || !closing) {
        log.warn("stream.recogniser_ended", { requestId, cause });
        socket.close(
          1011,
          "NET-0000: the recogniser ended; connect again and send the audio since the last final result",
        );
        return;
      }
      const samples = Math.floor(bytes / 2);
      send(metadata({ requestId, sha256: digest.digest("hex"), created, samples }));
      socket.close(1000);
    },
  });

  const silence = setTimeout(() => {
    // Audio that waits for a busy recogniser is not silence.
    if (stream.behind || closing) return void silence.refresh();
    socket.close(1011, "NET-0001: neither audio nor KeepAlive came within the timeout");
  }, session.silenceLimitMs);

  function send(message: object): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_BUFFERED_BYTES) {
      log.warn("stream.client_does_not_read", { requestId });
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
  }

  function tell(line: RecogniserLine): void {
    switch (line.type) {
      case "heard":
        return endUtterance(line.to);
      case "speech":
        if (options.vadEvents) send(speechStarted(line.at));
        return;
      case "partial":
        if (options.interims) tellWords(line);
        return;
      case "final":
        tellWords(line);
        from = line.to;
        // A sentence that was cut because it would not end goes on in the next result.
        if (line.words.length > 0) opens = line.cause !== "long";
        return;
      default:
        unreachable(line);
    }
  }

  function tellWords(line: Partial | Final): void {
    send(results(line, { from, requestId, punctuate: options.punctuate, opens }));
    if (line.type === "final") lastWordEnd = line.words.at(-1)?.[2] ?? lastWordEnd;
  }

  function endUtterance(to: number): void {
    if (options.utteranceEndMs === undefined || lastWordEnd === undefined) return;
    if (to - lastWordEnd < options.utteranceEndMs * 16) return;
    send(utteranceEnd(lastWordEnd));
    lastWordEnd = undefined;
  }

  function hear(audio: Buffer): void {
    // An empty binary frame is how older clients ask for CloseStream.
    if (audio.length === 0) return endStream();
    digest.update(audio);
    bytes += audio.length;
    if (!stream.hear(audio)) socket.pause();
  }

  function endStream(): void {
    closing = true;
    stream.end();
  }

  function obey(text: string): void {
    const command = Command.safeParse(parseJson(text));
    if (!command.success) {
      socket.close(1008, "DATA-0000: a text message must be KeepAlive, Finalize or CloseStream");
      return;
    }
    switch (command.data.type) {
      case "KeepAlive":
        return;
      case "Finalize":
        return stream.finalize();
      case "CloseStream":
        return endStream();
      default:
        unreachable(command.data.type);
    }
  }

  socket.on("message", (data: RawData, isBinary: boolean) => {
    if (closing || socket.readyState !== socket.OPEN) return;
    silence.refresh();
    const frame = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
    if (isBinary) hear(frame);
    else obey(frame.toString("utf8"));
  });
  socket.on("error", (cause) => log.info("stream.socket_failed", { requestId, cause: cause.message }));
  socket.on("close", (code) => {
    clearTimeout(silence);
    stream.drop();
    log.info("stream.closed", { requestId, code, samples: Math.floor(bytes / 2) });
  });
  log.info("stream.opened", { requestId });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON: refused like any other unknown command.
  }
}
