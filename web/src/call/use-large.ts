import type { SeatId } from "@verbatim/shared/ids";
import { useState } from "react";
import { useCallView } from "./call-view.ts";
import { nextLarge, tileOrder } from "./tile-order.ts";

/** Who is shown large on this page. */
export type LargeTile = {
  readonly seatId: SeatId | undefined;
  readonly show: (seatId: SeatId | undefined) => void;
  readonly next: () => void;
};

export function useLarge(): LargeTile {
  const { participants, seatId: self, entry } = useCallView();
  const [seatId, show] = useState<SeatId>();
  return { seatId, show, next: () => show(nextLarge(tileOrder(participants, self, entry.role), self, seatId)) };
}
