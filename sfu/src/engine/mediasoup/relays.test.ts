import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { relaysFor } from "./relays.ts";

const urls = ["turn:turn.example.com:3478"];
const atMs = 1_700_000_000_400;

it("gives credentials that end within an hour, are proven by the secret and name nobody", () => {
  const [server] = relaysFor({ urls, secret: "shared" }, atMs);
  const [until, name] = server!.username!.split(":");
  expect(Number(until)).toBe(1_700_003_600);
  expect(name).toMatch(/^[0-9a-f-]{36}$/);
  expect(server!.credential).toBe(createHmac("sha1", "shared").update(server!.username!).digest("base64"));
  expect(relaysFor({ urls, secret: "shared" }, atMs)[0]!.username).not.toBe(server!.username);
});

it("gives none where none is configured, and no credentials where none are needed", () => {
  expect(relaysFor({ urls: [], secret: "shared" }, atMs)).toEqual([]);
  expect(relaysFor({ urls: ["stun:stun.example.com"], secret: undefined }, atMs)).toEqual([
    { urls: ["stun:stun.example.com"] },
  ]);
});
