import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { Manifest } from "@verbatim/shared/recording/manifest";
import { openManifest, signManifest } from "./manifest-signature.ts";

const secret = "s".repeat(32);
const manifest = Manifest.parse({
  version: 1,
  tenantId: randomUUID(),
  interviewId: randomUUID(),
  recordingId: randomUUID(),
  revision: 1,
  clock: { bootId: "b", startUs: 0, startUtcMs: 0 },
  endSamples: 48_000,
  kept: [{ from: 0, to: 48_000 }],
  presence: [],
  away: [],
  runs: [],
  tracks: [],
  chunks: [],
});
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

it("opens what it signed", () => {
  expect(openManifest(secret, bytes(signManifest(secret, manifest)))).toEqual(manifest);
});

it("refuses another secret, a changed text and bytes that are no manifest", () => {
  const signed = signManifest(secret, manifest);
  expect(() => openManifest("t".repeat(32), bytes(signed))).toThrow("signature");
  const changed = { ...signed, manifest: signed.manifest.replace('"revision":1', '"revision":2') };
  expect(() => openManifest(secret, bytes(changed))).toThrow("signature");
  expect(() => openManifest(secret, bytes({ manifest: 1 }))).toThrow("cannot be read");
  expect(() => openManifest(secret, new Uint8Array([1, 2, 3]))).toThrow("cannot be read");
});
