import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLog } from "@verbatim/hands/log";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { buildRecogniser, MODEL_DIR } from "./build-recogniser.ts";
import { type ListenServer, startListenServer } from "./listen-server.ts";
import { type Recogniser, startRecogniser } from "./recogniser.ts";
import { silence, speak } from "./test/speak.ts";

const log = createLog("speech-test", "error");
let folder: string;
let recogniser: Recogniser;
let server: ListenServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-session-"));
  const program = await buildRecogniser(folder);
  recogniser = await startRecogniser({ program, modelDir: MODEL_DIR, runDir: folder, log });
  server = await startListenServer({ port: 0, recogniser, limits: { streams: 4, silenceLimitMs: 10_000 }, log });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await recogniser[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Streams that are being decoded: the recogniser forks itself for each. */
async function decoding(): Promise<number> {
  const pid = recogniser.pid();
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").filter(Boolean).length;
}

test.each([
  ["leaves", (socket: WebSocket) => socket.close()],
  ["vanishes", (socket: WebSocket) => socket.terminate()],
])(
  "of a client that %s nothing more is decoded, whatever it had sent",
  async (_, leave) => {
    const { pcm } = await speak("we meet every monday and talk about what our customers need", "rms");
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/listen?model=m&encoding=linear16&sample_rate=16000`);
    await once(socket, "open");
    // About two minutes, of which the decoder has 13 s to do on a machine of its own.
    for (let sent = 0; sent < 3_800_000; sent += pcm.length + 16_000) {
      socket.send(pcm);
      socket.send(silence(500));
    }
    await once(socket, "message");
    expect(await decoding()).toBe(1);
    leave(socket);
    await expect.poll(decoding, { timeout: 8_000 }).toBe(0);
  },
  30_000,
);
