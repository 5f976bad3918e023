import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ClientMessage, ServerMessage, signalProtocol } from "@verbatim/shared/signal/protocol";

/**
 * One frame of every message, as a page of that version sends it and as it understands it. A file is never edited:
 * a change that breaks one needs a new version, and the old file stays while `oldest` promises it.
 */
const read = (version: number): { client: unknown[]; server: unknown[] } =>
  JSON.parse(readFileSync(new URL(`golden/v${version}.json`, import.meta.url), "utf8"));

const versions = Array.from(
  { length: signalProtocol.current - signalProtocol.oldest + 1 },
  (_, i) => signalProtocol.oldest + i,
);

const typesOf = (schema: { options: readonly { shape: { type: { value: unknown } } }[] }): unknown[] =>
  schema.options.map((option) => option.shape.type.value);

describe.each(versions)("version %i", (version) => {
  const golden = read(version);

  it("has a frame of every message of today", () => {
    if (version !== signalProtocol.current) return;
    const types = (frames: unknown[]) => new Set(frames.map((frame) => (frame as { type: unknown }).type));
    expect(types(golden.client)).toEqual(new Set(typesOf(ClientMessage as never)));
    expect(types(golden.server)).toEqual(new Set(typesOf(ServerMessage as never)));
  });

  it("is still understood, unchanged", () => {
    for (const frame of golden.client) expect(ClientMessage.parse(frame)).toEqual(frame);
    for (const frame of golden.server) expect(ServerMessage.parse(frame)).toEqual(frame);
  });
});
