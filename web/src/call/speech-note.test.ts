import { describe, expect, it } from "vitest";
import { call } from "../words/en/call.ts";
import { speechNote, speechStopped } from "./speech-note.ts";

const plan = { engine: "deepgram", reason: "" } as const;
const note = (state: "off" | "connecting" | "on", engine: "deepgram" | "offline" | "none", reason = ""): string =>
  speechNote({ state, engine, reason }, plan, call.speech);

describe("during a recording", () => {
  it("transcription that is off is called off before its reason", () => {
    expect(note("off", "none", "Offline speech understands English only. The recording is not affected.")).toBe(
      "Transcription is off: offline speech understands English only. The recording is not affected.",
    );
    expect(note("off", "none")).toBe("Transcription is off. The recording goes on.");
  });

  it("a source that is sought, or hears badly, is told; one that is well is not", () => {
    expect(note("connecting", "deepgram", "The speech service cannot be reached.")).toBe(
      "The speech service cannot be reached.",
    );
    expect(note("on", "offline")).toBe("Offline speech, low accuracy.");
    expect(note("on", "deepgram")).toBe("");
  });
});

it("before it, what is set up is told in its own words", () => {
  const reason = "Transcription is off: there is no Deepgram key.";
  expect(speechNote(undefined, { engine: "none", reason }, call.speech)).toBe(reason);
  expect(speechNote(undefined, { engine: "offline", reason: "" }, call.speech)).toBe("Offline speech, low accuracy.");
  expect(speechNote(undefined, plan, call.speech)).toBe("");
});

describe("beside the transcript", () => {
  const off = { state: "off", engine: "none", reason: "The key was refused. The recording is not affected." } as const;
  const said = "Transcription is off: the key was refused. The recording is not affected.";

  it("words that stopped are told until they are back", () => {
    expect(speechStopped(off, plan, call.speech)).toBe(said);
    const reason = "The speech service cannot be reached.";
    expect(speechStopped({ state: "connecting", engine: "deepgram", reason }, plan, call.speech)).toBe(reason);
    expect(speechStopped({ state: "on", engine: "deepgram", reason: "" }, plan, call.speech)).toBe("");
  });

  it("low accuracy stops nobody, and where no words were to come none have stopped", () => {
    expect(speechStopped({ state: "on", engine: "offline", reason: "" }, plan, call.speech)).toBe("");
    expect(speechStopped(off, { engine: "none", reason: "" }, call.speech)).toBe("");
    expect(speechStopped(undefined, plan, call.speech)).toBe("");
  });
});
