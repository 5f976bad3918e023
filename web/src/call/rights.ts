import { hosts, isStaff, type Role, type SeatId } from "@verbatim/shared/ids";
import type { RecordingView } from "@verbatim/shared/recording/view";

/** What this person may do with the recording now; the server decides again. */
export type Rights = {
  readonly start: boolean;
  readonly pause: boolean;
  readonly resume: boolean;
  readonly stop: boolean;
  readonly undo: boolean;
  readonly takeOver: boolean;
};

export function rightsOf(role: Role, seatId: SeatId | null, recording: RecordingView): Rights {
  const { lamp, controllerSeatId } = recording;
  const mine = seatId !== null && controllerSeatId === seatId;
  const free = controllerSeatId === null;
  const idle = lamp === "off" || lamp === "closed";
  const runs = lamp === "starting" || lamp === "safe" || lamp === "behind" || lamp === "at_risk";
  // A closed recording has no controller any more: Start makes the next part.
  const entitled = mine || (hosts(role) && (free || lamp === "closed"));
  return {
    start: idle && entitled,
    pause: runs && entitled,
    resume: lamp === "paused" && entitled,
    stop: (runs || lamp === "paused") && entitled,
    undo: lamp === "stopped" && isStaff(role),
    takeOver: isStaff(role) && !mine && lamp !== "closed" && !(idle && free),
  };
}
