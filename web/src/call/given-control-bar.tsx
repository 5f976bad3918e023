import { Button } from "@mantine/core";
import { useState } from "react";
import { timeOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** Whoever was given control, and did not take it, is told by whom, until they have read it. */
export function GivenControlBar() {
  const { given } = useWords().call;
  const { recording, seatId } = useCallView();
  const [read, setRead] = useState(-1);
  const { controllerFrom: from, controllerSeatId, controllerSinceMs, epoch, lamp } = recording;
  if (!from || controllerSeatId !== seatId || read === epoch || lamp === "closed") return null;
  return (
    <Bar tone="attention">
      {from.how === "handed_over"
        ? given.handedOver(from.name, timeOf(controllerSinceMs ?? 0))
        : given.placeClosed(from.name)}
      <Button variant="default" onClick={() => setRead(epoch)}>
        {given.understood}
      </Button>
    </Bar>
  );
}
