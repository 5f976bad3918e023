import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { control } from "@verbatim/shared/api/call";
import type { ControlAction } from "@verbatim/shared/recording/state";
import { call as callApi } from "../api/call.ts";
import { useCallView } from "./call-view.ts";

/** Asks for a change of the recording, as of the epoch that this page shows: if another was faster, the server says who. */
export function useControl(): UseMutationResult<unknown, unknown, ControlAction> {
  const { entry, recording } = useCallView();
  const { interviewId, role } = entry;
  return useMutation({
    mutationFn: (action: ControlAction) =>
      callApi(control, { action, epoch: recording.epoch }, { params: { interviewId, role } }),
  });
}
