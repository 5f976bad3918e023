import { expect, it } from "vitest";
import { readEnv } from "./config.ts";
import { serviceOf, speechEnv } from "./speech-env.ts";

const keys = { DEEPGRAM_API_KEY: "deepgram-key", OPENAI_API_KEY: "k", SPEECH_OFFLINE_URL: "ws://127.0.0.1:3030" };
const chosen = (env: Record<string, string>): string => serviceOf(readEnv(speechEnv, env).speech).engine;

it.each([
  [{}, "none"],
  [{ SPEECH_OFFLINE_URL: keys.SPEECH_OFFLINE_URL }, "offline"],
  [{ OPENAI_API_KEY: "k" }, "none"],
  [keys, "deepgram"],
  [{ ...keys, SPEECH: "openai" }, "openai"],
  [{ ...keys, SPEECH: "offline" }, "offline"],
  [{ ...keys, SPEECH: "off" }, "none"],
])("%j means %s", (env, engine) => {
  expect(chosen(env)).toBe(engine);
});

it.each([
  [{ SPEECH: "deepgram", OPENAI_API_KEY: "k" }, "DEEPGRAM_API_KEY: is needed with SPEECH=deepgram"],
  [{ SPEECH: "openai", DEEPGRAM_API_KEY: "deepgram-key" }, "OPENAI_API_KEY: is needed with SPEECH=openai"],
  [{ SPEECH: "whisper" }, "SPEECH: must be deepgram, openai, offline or off"],
])("%j is refused at the start, with a line that says why", (env, fault) => {
  expect(() => readEnv(speechEnv, env)).toThrow(fault);
});
