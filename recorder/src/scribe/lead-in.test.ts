import { expect, it } from "vitest";
import { createLeadIn } from "./lead-in.ts";
import type { Frame } from "./sent-audio.ts";

const frame = (index: number, voiced: boolean): Frame => ({
  index,
  startSamples: index * 960,
  pcm: new Int16Array(320),
  voiced,
});
const frames = (from: number, count: number, voiced: boolean): Frame[] =>
  Array.from({ length: count }, (_, n) => frame(from + n, voiced));
const heard = (lead: ReturnType<typeof createLeadIn>): number[] => lead.frames().map(({ index }) => index);

it("is speech with a little silence around it, however long nobody spoke", () => {
  const lead = createLeadIn(30);
  lead.keep([...frames(0, 100, false), ...frames(100, 10, true), ...frames(110, 500, false)]);
  lead.keep([...frames(610, 400, false), ...frames(1_010, 10, true)]);
  expect(heard(lead)).toEqual([
    ...frames(85, 50, false).map(({ index }) => index),
    ...frames(995, 25, false).map(({ index }) => index),
  ]);
});

it("is no longer than it may be, and its end stays", () => {
  const lead = createLeadIn(1);
  for (let from = 0; from < 1_000; from += 7) lead.keep(frames(from, 7, true));
  expect(heard(lead)).toEqual(frames(951, 50, true).map(({ index }) => index));
});

it("is half as long after each stream that settled nothing, never less than a sixteenth, and grows again with those that did", () => {
  const lead = createLeadIn(16);
  const seconds = (): number => heard(lead).length / 50;
  lead.lost();
  lead.keep(frames(0, 1_000, true));
  expect(seconds()).toBe(16);
  lead.lost();
  expect(seconds()).toBe(16);
  const after = [1, 2, 3, 4, 5].map(() => {
    lead.lost();
    return seconds();
  });
  expect(after).toEqual([8, 4, 2, 1, 1]);
  lead.keep(frames(1_000, 1, true));
  lead.lost();
  expect(seconds()).toBe(2);
});

it("is nothing where none is wanted, and after a stream that ended by itself", () => {
  const none = createLeadIn(0);
  none.keep(frames(0, 100, true));
  expect(none.frames()).toEqual([]);
  const lead = createLeadIn(30);
  lead.keep(frames(0, 100, true));
  lead.clear();
  expect(lead.frames()).toEqual([]);
});
