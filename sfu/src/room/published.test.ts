import { describe, expect, it } from "vitest";
import type { MediaProducer } from "../engine/engine.ts";
import { ids } from "../test/harness.ts";
import { type Published, speaking, superseded } from "./published.ts";

const seatId = ids.seat();
const one = (id: string, more: Partial<Published> = {}): Published => ({
  producer: { id } as MediaProducer,
  seatId,
  medium: "audio",
  sessionId: "s",
  muted: false,
  flowing: true,
  ...more,
});

describe("a reconnected microphone", () => {
  it("speaks only when its packets arrive; until then the old one does", () => {
    const old = one("old");
    expect(speaking([old, one("new", { flowing: false })], seatId, "audio")?.producer.id).toBe("old");
    expect(speaking([old, one("new")], seatId, "audio")?.producer.id).toBe("new");
  });

  it("speaks before its first packet when there is no other, so that a recorder is attached in time", () => {
    expect(speaking([one("new", { flowing: false })], seatId, "audio")?.producer.id).toBe("new");
  });

  it("makes older producers of the same seat and medium superfluous, and no others", () => {
    const young = one("new");
    const all = [
      one("old"),
      one("camera", { medium: "camera" }),
      one("theirs", { seatId: ids.seat() }),
      young,
      one("newer"),
    ];
    expect(superseded(all, young).map(({ producer }) => producer.id)).toEqual(["old"]);
  });
});
