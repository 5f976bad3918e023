import * as call from "@verbatim/shared/api/call";
import { getInterview } from "@verbatim/shared/api/interviews";
import type { ControlAction } from "@verbatim/shared/recording/state";
import type { RecordingView } from "@verbatim/shared/recording/view";
import type { Browser } from "./browser.ts";
import type { Harness } from "./harness.ts";
import { gather, paramsOf, type Person, scene } from "./scene.ts";

export const act = (person: Person, action: ControlAction, epoch: number) =>
  person.browser.call(call.control, paramsOf(person), { action, epoch });
/** Whatever it is answered. */
export const tryAct = (person: Person, action: string, epoch: number) =>
  person.browser.try(call.control, paramsOf(person), { action, epoch });

/** The recording as an interview's own people see it. */
export const viewOf = async (staff: Browser, interviewId: string): Promise<RecordingView> =>
  (await staff.call(getInterview, { interviewId })).recording;

export const audited = (harness: Harness, interviewId: string, action: string) =>
  harness.sql("select actor, detail from verbatim.audit where interview_id = $1 and action = $2", [
    interviewId,
    action,
  ]);

/** A recording that the host started, with everybody and two observers in the call. */
export async function startedScene(harness: Harness, staff: Browser) {
  const made = await scene(harness, staff, { observers: 2 });
  const { host, candidate, observers } = made;
  await gather(harness, [host, candidate, ...observers]);
  await act(host, "start", 0);
  return { ...made, one: observers[0]!, two: observers[1]! };
}
