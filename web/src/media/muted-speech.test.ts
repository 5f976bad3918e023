import { expect, it } from "vitest";
import { createSpeaking } from "./muted-speech.ts";

const run = (levels: readonly number[]): boolean[] => levels.map(createSpeaking());
const times = (count: number, level: number): number[] => Array.from({ length: count }, () => level);

it("half a second of voice is speaking; a cough, keys and room noise are not", () => {
  expect(run(times(10, 0.7)).at(-1)).toBe(true);
  expect(run([...times(5, 0.9), ...times(60, 0.1)])).not.toContain(true);
  expect(run(times(200, 0.3))).not.toContain(true);
  expect(run(Array.from({ length: 100 }, (_, n) => (n % 8 === 0 ? 0.8 : 0.1)))).not.toContain(true);
});

it("goes on through the pauses between words, and ends three seconds after the last", () => {
  const talk = run([...times(12, 0.7), ...times(40, 0.1), ...times(3, 0.7), ...times(59, 0.1)]);
  expect(talk.slice(9)).not.toContain(false);
  expect(run([...times(12, 0.7), ...times(60, 0.1)]).at(-1)).toBe(false);
});
