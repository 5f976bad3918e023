import type { Review } from "@verbatim/shared/api/interviews";
import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { picturesWhole, tellPictures } from "./pictures.ts";

type Camera = Review["pictures"][number];
const piece = (startMs: number, endMs: number): Camera["pieces"][number] => {
  return { startMs, endMs, url: "", key: `${startMs}`, bytes: 1, sha256: "", gaps: [] };
};
const camera = (role: Camera["role"], ...pieces: Camera["pieces"]): Camera => {
  const seatId = SeatId.parse("00000000-0000-4000-8000-000000000001");
  return { seatId, role, speaker: role, kind: "camera", pieces, gaps: [] };
};
const whole = camera("interviewer", piece(200, 30_000), piece(30_000, 75_100));

it("pictures are whole when both cameras are held to the end, give or take a last frame", () => {
  const held = (...pictures: Camera[]) => picturesWhole({ durationMs: 75_500, pictures });
  expect(held(whole, camera("candidate", piece(100, 75_400)))).toBe(true);
  expect(held(whole, camera("candidate", piece(100, 30_000)))).toBe(false);
  expect(held(whole, camera("candidate"))).toBe(false);
  expect(held(whole)).toBe(false);
});

it("what was left out, and is told, is not waited for", () => {
  const left = {
    ...camera("candidate", piece(100, 30_000)),
    gaps: [{ startMs: 30_000, endMs: 75_500, cause: "load" }],
  };
  const review = { durationMs: 75_500, pictures: [whole, left] } as Pick<Review, "durationMs" | "pictures">;
  expect(picturesWhole(review)).toBe(true);
  expect(tellPictures(review)).toEqual([
    "The interviewer's camera: 74.9 s of 75.5 s in 2 files",
    "The candidate's camera: 29.9 s of 75.5 s in 1 files; missing: load 45.5 s",
  ]);
});
