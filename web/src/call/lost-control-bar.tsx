import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { acknowledge } from "@verbatim/shared/api/call";
import { call as callApi } from "../api/call.ts";
import { timeOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/**
 * Who lost control is told until they say that they know, whatever happened since; their answer carries the last
 * position that they knew to be safe. Without it everything goes on.
 */
export function LostControlBar() {
  const { call: words } = useWords();
  const { live, recording, seatId, entry } = useCallView();
  const { interviewId, role } = entry;
  const understood = useMutation({
    mutationFn: (epoch: number) =>
      callApi(acknowledge, { epoch, safeMs: recording.onServerMs }, { params: { interviewId, role } }),
    retry: 3,
  });
  const loss = live?.view.losses?.find((each) => each.seatId === seatId);
  const known = understood.isSuccess && understood.variables === loss?.epoch;
  if (!loss || known || recording.controllerSeatId === seatId) return null;
  return (
    <Bar tone="attention">
      {understood.isError ? words.takeOver.unheard : words.takeOver.lost(loss.byName, timeOf(loss.atMs))}
      <Button variant="default" loading={understood.isPending} onClick={() => understood.mutate(loss.epoch)}>
        {words.takeOver.understood}
      </Button>
    </Bar>
  );
}
