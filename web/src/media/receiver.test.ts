import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { newest, type Remote } from "./receiver.ts";

const ada = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const ben = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a12");
const remote = (consumerId: string, seatId: SeatId, medium: Remote["medium"], flowing: boolean): Remote => ({
  consumerId,
  seatId,
  medium,
  flowing,
  // Never looked into by the choice.
  track: {} as MediaStreamTrack,
});
const ids = (...remotes: Remote[]): string[] => newest(remotes).map(({ consumerId }) => consumerId);

it("keeps the old picture until the new one flows, and hears each person once", () => {
  expect(ids(remote("old", ada, "camera", true), remote("new", ada, "camera", false))).toEqual(["old"]);
  expect(ids(remote("old", ada, "camera", true), remote("new", ada, "camera", true))).toEqual(["new"]);
});

it("shows what there is when nothing flows yet, each person and medium apart", () => {
  expect(
    ids(remote("a", ada, "audio", false), remote("b", ada, "camera", false), remote("c", ben, "audio", false)),
  ).toEqual(["a", "b", "c"]);
});
