import { useMutation } from "@tanstack/react-query";
import { control } from "@verbatim/shared/api/call";
import type { ControlAction } from "@verbatim/shared/recording/state";
import { call as callApi } from "../api/call.ts";
import { useCallView } from "./call-view.ts";
import { isPast } from "./refusal.ts";

export type RecordingControl = {
  readonly ask: (action: ControlAction) => void;
  /** What is being asked for now. */
  readonly pending: ControlAction | undefined;
  /** Why the last wish was refused; null once that was read, or is no longer so. */
  readonly refusal: unknown;
  readonly dismiss: () => void;
};

/** Asks for a change of the recording, as of the epoch that this page shows: if another was faster, the server says who. */
export function useControl(): RecordingControl {
  const { entry, recording, seatId } = useCallView();
  const { interviewId, role } = entry;
  const { mutate, reset, variables, isPending, error } = useMutation({
    mutationFn: ({ action, epoch }: { action: ControlAction; epoch: number }) =>
      callApi(control, { action, epoch }, { params: { interviewId, role } }),
  });
  return {
    ask: (action) => mutate({ action, epoch: recording.epoch }),
    pending: isPending ? variables.action : undefined,
    refusal: variables && isPast(variables, recording, seatId) ? null : error,
    dismiss: reset,
  };
}
