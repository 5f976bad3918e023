import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { createTally } from "./traffic.ts";

const seat = SeatId.parse("7c6a9c5e-2a4c-4a8e-9d0a-1f6d9f3b2c11");

it("a seat's bytes go on from where its last session ended", async () => {
  const tally = createTally();
  tally.ended(seat, Promise.resolve({ receivedBytes: 1_000, sentBytes: 10 }));
  tally.ended(seat, Promise.resolve({ audioBytes: 700 }));
  expect(await tally.total(seat, [Promise.resolve({ receivedBytes: 5 })])).toEqual({
    receivedBytes: 1_005,
    sentBytes: 10,
    audioBytes: 700,
  });
});

it("what is counted as it closes is missing from no answer meanwhile", async () => {
  const tally = createTally();
  const { promise, resolve } = Promise.withResolvers<{ audioBytes: number }>();
  tally.ended(seat, promise);
  const asked = tally.total(seat, []);
  resolve({ audioBytes: 300 });
  expect((await asked).audioBytes).toBe(300);
});

it("a worker that died takes away its own counts alone", async () => {
  const tally = createTally();
  tally.ended(seat, Promise.resolve({ audioBytes: 300 }));
  tally.ended(seat, Promise.reject(new Error("The worker died.")));
  expect((await tally.total(seat, [Promise.reject(new Error("The worker died."))])).audioBytes).toBe(300);
});
