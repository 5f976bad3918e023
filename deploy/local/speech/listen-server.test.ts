import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLog } from "@verbatim/hands/log";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { buildRecogniser, MODEL_DIR } from "./build-recogniser.ts";
import { type ListenServer, startListenServer } from "./listen-server.ts";
import { type Recogniser, startRecogniser } from "./recogniser.ts";
import { listen, textOf, wordErrors, wordsOf } from "./test/listen.ts";
import { noise, silence, speak, tone } from "./test/speak.ts";

const log = createLog("speech-test", "error");
let folder: string;
let recogniser: Recogniser;
let server: ListenServer;

const said = "please tell me about your last job";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-speech-"));
  const program = await buildRecogniser(folder);
  recogniser = await startRecogniser({ program, modelDir: MODEL_DIR, runDir: folder, log });
  server = await startListenServer({ port: 0, recogniser, limits: { streams: 4, silenceLimitMs: 1_500 }, log });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await recogniser[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A bare socket, for what the SDK would never send. */
async function bare(query = "model=m&encoding=linear16&sample_rate=16000"): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/listen?${query}`);
  await once(socket, "open");
  return socket;
}

async function refusal(pathAndQuery: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${pathAndQuery}`, { headers });
  const [, response] = await once(socket, "unexpected-response");
  socket.on("error", () => undefined);
  socket.terminate();
  return { status: response.statusCode, reason: response.headers["dg-error"] };
}

async function stillWorks(): Promise<void> {
  const client = await listen(server.port);
  client.socket.sendMedia((await speak(said, "rms")).pcm);
  client.socket.sendCloseStream({ type: "CloseStream" });
  await client.closed;
  expect(textOf(client.finals())).toBe(said);
}

describe("speech through Deepgram's SDK, as it comes from a call", () => {
  test("words appear while they are spoken, and are final soon after, with their times", async () => {
    const spoken = await speak("we had to start again from the beginning because the network failed", "rms");
    const client = await listen(server.port, {
      vad_events: "true",
      utterance_end_ms: 1000,
      punctuate: "true",
    } as object);
    const leadMs = 1_700;
    await client.play(Buffer.concat([silence(leadMs), spoken.pcm, silence(1_800)]));
    await client.until((messages) => messages.some((message) => message.type === "UtteranceEnd"));

    const final = client.finals().find((each) => wordsOf([each]).length > 0)!;
    expect(final.speech_final).toBe(true);
    expect(textOf([final])).toBe("we had to start again from the beginning because the network failed");
    expect(final.channel.alternatives[0]!.transcript).toMatch(/^We had .* failed\.$/);

    const words = wordsOf([final]);
    expect(Math.abs(words[0]!.start * 1000 - (leadMs + spoken.firstMs))).toBeLessThanOrEqual(50);
    expect(Math.abs(words.at(-1)!.end * 1000 - (leadMs + spoken.lastMs))).toBeLessThanOrEqual(50);
    for (const [index, word] of words.entries()) {
      expect(word.end).toBeGreaterThan(word.start);
      expect(word.start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? 0);
      expect(word.confidence).toBeGreaterThan(0);
    }

    const spokenFrom = client.handedAtMs(leadMs + spoken.firstMs);
    const spokenTo = client.handedAtMs(leadMs + spoken.lastMs);
    const interims = client.results().filter((each) => !each.is_final);
    const pauses = [spokenFrom, ...interims.map((each) => each.atMs), spokenTo]
      .filter((at) => at <= spokenTo)
      .map((at, index, all) => at - (all[index - 1] ?? at));
    expect(Math.max(...pauses)).toBeLessThan(1_000);
    expect(final.atMs - spokenTo).toBeLessThan(2_000);

    const started = client.messages.find((message) => message.type === "SpeechStarted")!;
    expect(Math.abs(started.timestamp * 1000 - (leadMs + spoken.firstMs))).toBeLessThan(400);
    const ended = client.messages.find((message) => message.type === "UtteranceEnd")!;
    expect(ended.last_word_end).toBe(words.at(-1)!.end);
    client.socket.sendCloseStream({ type: "CloseStream" });
    expect((await client.closed).code).toBe(1000);
  });

  test("finals tile the stream without a hole, and Metadata tells its length", async () => {
    const [one, two] = await Promise.all([speak(said, "slt"), speak("what did you learn from that", "rms")]);
    const pcm = Buffer.concat([silence(4_000), one.pcm, silence(1_000), two.pcm, silence(4_000)]);
    const client = await listen(server.port);
    client.socket.sendMedia(pcm);
    client.socket.sendCloseStream({ type: "CloseStream" });
    await client.closed;
    let at = 0;
    for (const final of client.finals()) {
      expect(final.start).toBeCloseTo(at, 3);
      at = final.start + final.duration;
    }
    expect(Math.abs(at - pcm.length / 32_000)).toBeLessThan(0.011);
    const metadata = client.messages.at(-1)!;
    expect(metadata).toMatchObject({ type: "Metadata", channels: 1 });
    expect("duration" in metadata && metadata.duration).toBeCloseTo(pcm.length / 32_000, 3);
    expect(textOf(client.finals())).toBe(`${said} what did you learn from that`);
  });

  test("a stream replayed at once, in frames of any size, gives the same words as a live one", async () => {
    const { pcm } = await speak("the hardest problem was that nobody could lose any data", "rms");
    const sound = Buffer.concat([silence(500), pcm, silence(700), pcm, silence(700)]);
    const heard = await Promise.all(
      [20, 250].map(async (frameMs) => {
        const client = await listen(server.port);
        await client.play(sound, { frameMs, speed: 4 });
        client.socket.sendCloseStream({ type: "CloseStream" });
        await client.closed;
        return wordsOf(client.finals()).map((word) => `${word.word}@${word.start}`);
      }),
    );
    expect(heard[0]!.length).toBeGreaterThan(16);
    expect(heard[1]).toEqual(heard[0]);
  });

  test("two people at once are heard apart", async () => {
    const [one, two] = await Promise.all([speak(said, "rms"), speak("what do you know about our company", "rms")]);
    const texts = await Promise.all(
      [one, two].map(async ({ pcm }) => {
        const client = await listen(server.port);
        await client.play(Buffer.concat([silence(300), pcm, silence(800)]), { speed: 2 });
        client.socket.sendCloseStream({ type: "CloseStream" });
        await client.closed;
        return textOf(client.finals());
      }),
    );
    expect(texts).toEqual([said, "what do you know about our company"]);
  });

  test("somebody who does not pause is cut after fifteen seconds, and no word is lost or doubled at the cut", async () => {
    const sentence = "we meet every monday and talk about what our customers need";
    const { pcm, firstMs, lastMs } = await speak(sentence, "rms");
    const run = pcm.subarray(Math.round(firstMs) * 32, Math.round(lastMs) * 32);
    const client = await listen(server.port);
    const sound = Buffer.concat([silence(500), ...Array.from({ length: 6 }, () => run), silence(800)]);
    await client.play(sound, { frameMs: 250, speed: 50 });
    client.socket.sendCloseStream({ type: "CloseStream" });
    await client.closed;
    const finals = client.finals().filter((each) => wordsOf([each]).length > 0);
    expect(finals.length).toBeGreaterThan(1);
    for (const final of finals) {
      const words = wordsOf([final]);
      expect(words.at(-1)!.end - words[0]!.start).toBeLessThanOrEqual(15.1);
    }
    const heard = textOf(finals).split(" ");
    const expected = Array.from({ length: 6 }, () => sentence.split(" ")).flat();
    expect(wordErrors(expected, heard) / expected.length).toBeLessThan(0.15);
    expect(Math.abs(heard.length - expected.length)).toBeLessThanOrEqual(3);
  }, 180_000);
});

describe("what is not speech", () => {
  test.each([
    ["silence", () => silence(8_000)],
    ["steady noise that begins suddenly", () => Buffer.concat([silence(2_000), noise(6_000, 3_000)])],
    ["a hum that begins suddenly", () => Buffer.concat([silence(2_000), tone(6_000, 100, 1_500)])],
    ["a ringing telephone", () => Buffer.concat([1, 2, 3].flatMap(() => [tone(500, 440, 6_000), silence(1_500)]))],
    ["faint noise", () => noise(8_000, 60)],
    [
      "a click every second",
      () => Buffer.concat(Array.from({ length: 8 }, () => [noise(8, 20_000), silence(992)]).flat()),
    ],
  ])("%s gives no words", async (_, sound) => {
    const client = await listen(server.port);
    client.socket.sendMedia(sound());
    client.socket.sendCloseStream({ type: "CloseStream" });
    await client.closed;
    expect(textOf(client.results())).toBe("");
    expect(client.finals().length).toBeGreaterThan(0);
  });
});

describe("the client's commands", () => {
  test("Finalize gives what was said so far, at once, and the stream goes on", async () => {
    const { pcm } = await speak(said, "rms");
    const client = await listen(server.port);
    client.socket.sendMedia(Buffer.concat([silence(300), pcm]));
    client.socket.sendFinalize({ type: "Finalize" });
    await client.until(() => client.finals().some((each) => each.from_finalize));
    expect(textOf(client.finals())).toBe(said);
    client.socket.sendMedia(Buffer.concat([silence(300), pcm]));
    client.socket.sendCloseStream({ type: "CloseStream" });
    await client.closed;
    expect(textOf(client.finals())).toBe(`${said} ${said}`);
    const restart = wordsOf(client.finals())[7]!;
    expect(restart.start).toBeGreaterThan(pcm.length / 32_000 + 0.3);
  });

  test("KeepAlive keeps an idle stream open, and without it the stream is closed", async () => {
    const client = await listen(server.port);
    const opened = performance.now();
    const beat = setInterval(() => client.socket.sendKeepAlive({ type: "KeepAlive" }), 500);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(client.socket.readyState).toBe(1);
    clearInterval(beat);
    const closed = await client.closed;
    expect(closed.code).toBe(1011);
    expect(closed.reason).toContain("NET-0001");
    expect(performance.now() - opened).toBeGreaterThan(3_500);
  });
});

describe("what is refused", () => {
  test.each([
    ["another language", "model=m&encoding=linear16&sample_rate=16000&language=de", "language"],
    ["another encoding", "model=m&encoding=opus&sample_rate=16000", "encoding"],
    ["another sample rate", "model=m&encoding=linear16&sample_rate=48000", "sample_rate"],
    ["two channels", "model=m&encoding=linear16&sample_rate=16000&channels=2", "channels"],
    ["a flag that is none", "model=m&encoding=linear16&sample_rate=16000&interim_results=maybe", "interim_results"],
    ["no model", "encoding=linear16&sample_rate=16000", "model"],
  ])("%s is refused before the upgrade, by name", async (_, query, field) => {
    const answer = await refusal(`/v1/listen?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.reason).toContain(field);
  });

  test("a web page and another path are refused", async () => {
    const good = "/v1/listen?model=m&encoding=linear16&sample_rate=16000";
    expect((await refusal(good, { origin: "https://example.org" })).status).toBe(403);
    expect((await refusal("/v1/speak")).status).toBe(404);
  });

  test("one stream more than allowed is refused, and the others go on", async () => {
    const sockets = await Promise.all(Array.from({ length: 4 }, () => bare()));
    expect((await refusal("/v1/listen?model=m&encoding=linear16&sample_rate=16000")).status).toBe(429);
    for (const socket of sockets) socket.terminate();
    await expect.poll(async () => (await bare().catch(() => undefined))?.readyState).toBe(WebSocket.OPEN);
  });

  test.each([
    ["text that is not JSON", (socket: WebSocket) => socket.send("hello"), 1008],
    ["an unknown command", (socket: WebSocket) => socket.send('{"type":"Dance"}'), 1008],
    ["a frame that is too large", (socket: WebSocket) => socket.send(Buffer.alloc(1_100_000)), 1009],
    ["text that is not UTF-8", (socket: WebSocket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false }), 1007],
  ])("%s closes that stream only", async (_, send, code) => {
    const socket = await bare();
    socket.on("error", () => undefined);
    send(socket);
    expect((await once(socket, "close"))[0]).toBe(code);
    await stillWorks();
  });

  test("audio in odd pieces, bytes that are no HTTP, and clients that vanish harm nobody", async () => {
    const { pcm } = await speak(said, "rms");
    const socket = await bare();
    const texts: string[] = [];
    socket.on("message", (data) => {
      const message = JSON.parse((data as Buffer).toString());
      if (message.is_final) texts.push(message.channel.alternatives[0].transcript);
    });
    for (let at = 0; at < pcm.length; at += 777) socket.send(pcm.subarray(at, at + 777));
    socket.send(Buffer.alloc(0));
    await once(socket, "close");
    expect(texts.join(" ").trim()).toBe(said);

    const garbage = connect(server.port, "127.0.0.1");
    garbage.write("\u0000\u0001 nonsense\r\n\r\n");
    garbage.on("error", () => undefined);
    garbage.resume();
    await once(garbage, "close");
    const leaver = await bare();
    leaver.send(pcm);
    leaver.terminate();
    await stillWorks();
  });
});

test("when the recogniser is killed its clients are told to come again, and can", async () => {
  const client = await listen(server.port);
  client.socket.sendMedia(silence(500));
  process.kill(recogniser.pid()!, "SIGKILL");
  const closed = await client.closed;
  expect(closed.code).toBe(1011);
  await expect
    .poll(() => recogniser.ready(), { timeout: 5_000 })
    .toBe(false)
    .catch(() => undefined);
  await expect.poll(() => recogniser.ready(), { timeout: 5_000 }).toBe(true);
  await stillWorks();
});
