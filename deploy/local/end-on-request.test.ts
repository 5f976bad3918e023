import { expect, it } from "vitest";
import { createEndDecision } from "./end-on-request.ts";

it("ends at once when nothing is being recorded", async () => {
  const decide = createEndDecision(
    () => Promise.resolve([]),
    () => 0,
  );
  expect(await decide()).toEqual({ end: true });
});

it("names what is being recorded first, and ends at the second time within 10 s", async () => {
  let now = 0;
  const decide = createEndDecision(
    () => Promise.resolve(["Staff engineer, round 2"]),
    () => now,
  );
  expect(await decide()).toEqual({ end: false, titles: ["Staff engineer, round 2"] });
  now = 10_000;
  expect(await decide()).toEqual({ end: true });
});

it("names it again when the second time comes later", async () => {
  let now = 0;
  const decide = createEndDecision(
    () => Promise.resolve(["Round 2"]),
    () => now,
  );
  await decide();
  now = 10_001;
  expect(await decide()).toEqual({ end: false, titles: ["Round 2"] });
});
