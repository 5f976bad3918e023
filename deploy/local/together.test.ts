import { once } from "node:events";
import { expect, it } from "vitest";
import { together } from "./together.ts";

it("gives every result in its place", async () => {
  const { signal } = new AbortController();
  expect(await together(signal, [() => Promise.resolve(1), () => Promise.resolve("two")])).toEqual([1, "two"]);
});

it("stops the others when one fails, waits for them, and throws the first failure", async () => {
  const stopped: string[] = [];
  const patient = async (signal: AbortSignal) => {
    await once(signal, "abort");
    stopped.push("patient");
    throw new Error("stopped");
  };
  const { signal } = new AbortController();
  await expect(together(signal, [patient, () => Promise.reject(new Error("disk full"))])).rejects.toThrow("disk full");
  expect(stopped).toEqual(["patient"]);
});
