import { randomUUID } from "node:crypto";
import type { Controlled } from "@verbatim/shared/api/call";
import { DomainError } from "@verbatim/shared/errors";
import { hosts, type InterviewId, isStaff, RecordingId, type SeatId, type TenantId } from "@verbatim/shared/ids";
import {
  type ControlAction,
  type ControlEvent,
  type ControlRefusal,
  nextPart,
  step,
} from "@verbatim/shared/recording/state";
import type { RecordingView } from "@verbatim/shared/recording/view";
import { absent, seatsInCall } from "../calls/in-call.ts";
import { consentLock, whyNotRecorded } from "../consent/consent-rows.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { interviewOf, type InterviewRow } from "../interviews/interview-row.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { refuseOver } from "../interviews/whom.ts";
import { auditSeat } from "../interviews/audit.ts";
import { hasPlace, mustHavePlace } from "../seats/place.ts";
import type { Seat } from "../seats/seats.ts";
import { type Actor, apply } from "./apply.ts";
import { controlOf, currentRecording, insertRecording, lockedRecording, type RecordingRow } from "./control-rows.ts";
import { keep, keepRecording } from "./keeping.ts";
import { lostAt, settle } from "./losses.ts";
import { passControl } from "./pass-control.ts";

export type At = { readonly tenantId: TenantId; readonly interviewId: InterviewId };

export type Controls = {
  /** Throws `control.lost` naming who has control, `state.conflict`, `consent.required`, `call.absent` or `auth.forbidden`. */
  act(seat: Seat, action: ControlAction, epoch: number): Promise<Controlled>;
  /**
   * Gives control to somebody of the same side who is in the call. Throws as `act` does, and `state.conflict` naming who is
   * not in the call any more.
   */
  handOver(seat: Seat, to: SeatId, epoch: number): Promise<Controlled>;
  /** The person knows that control was taken from them; the last position they knew to be safe goes into the books. Throws `state.conflict` when it was not. */
  acknowledge(seat: Seat, said: { readonly epoch: number; readonly safeMs: number }): Promise<void>;
  /** Staff want the recording to go on though the candidate has left for good. */
  keepRecording(seat: Seat): Promise<void>;
  endCall(seat: Seat): Promise<void>;
  allowCaptions(seat: Seat, on: boolean): Promise<void>;
  /** Starts by itself, as the interviewer, when all that is needed is there; does nothing when somebody was faster. */
  startBySystem(at: At, interviewer: { readonly seatId: SeatId; readonly name: string }): Promise<boolean>;
};

const refusals: Readonly<Record<Exclude<ControlRefusal, "stale_epoch" | "not_controller">, string>> = {
  wrong_phase: "The recording is not in a state for that any more.",
  too_late: "Stop can be undone for two minutes; they have passed.",
  already_controller: "You control the recording already.",
};

export function createControls(deps: {
  readonly database: Database;
  readonly nowMs: () => number;
  /** Tells media server and document of a change; answers the view after it. */
  readonly changed: (at: At) => Promise<RecordingView>;
}): Controls {
  const { database, nowMs } = deps;

  const asSeat = (seat: Seat): Actor => ({ seatId: seat.seatId, name: seat.name, label: `seat:${seat.seatId}` });

  return {
    async act(seat, action, epoch) {
      if (seat.role === "candidate")
        throw new DomainError("auth.forbidden", "Candidates do not control the recording.");
      const after = await database.tenant(seat.tenantId, async (trx) => {
        const interview = await interviewOf(trx, seat.interviewId);
        if (action !== "stop") refuseOver(interview);
        if (mustBeSeen(seat) && !seatsInCall(interview.participants).has(seat.seatId)) throw absent();
        if (action === "start" || action === "resume") await mustHaveConsented(trx, interview);
        const row = await recordingFor(trx, interview, seat, action, epoch);
        const event: ControlEvent = { type: action, seat: seat.seatId, epoch, atMs: nowMs() };
        const outcome = step(controlOf(row), event);
        if (!outcome.ok) throw refusal(outcome.refusal, row);
        const done = await apply(trx, interview, row, outcome.control, action, asSeat(seat), nowMs());
        if (!done) throw await lostTo(trx, interview.id);
        // A host may have closed their place meanwhile; control came to us after that, so nobody passes it on.
        if (outcome.control.controller === seat.seatId) await mustHavePlace(trx, seat.seatId);
        // Who lets it go on while the candidate is gone wants it so.
        if (action === "start" || action === "resume" || action === "undo_stop") await keep(trx, interview.id);
        return outcome.control;
      });
      const recording = await deps.changed(seat);
      return { epoch: after.epoch, controllerSeatId: after.controller, recording };
    },
    async handOver(seat, to, epoch) {
      if (!isStaff(seat.role)) throw new DomainError("auth.forbidden", "Candidates do not control the recording.");
      const after = await database.tenant(seat.tenantId, async (trx) => {
        const interview = await interviewOf(trx, seat.interviewId);
        refuseOver(interview);
        if (mustBeSeen(seat) && !seatsInCall(interview.participants).has(seat.seatId)) throw absent();
        const row = await currentRecording(trx, interview.id);
        if (!row) throw notFound();
        const outcome = step(controlOf(row), { type: "hand_over", seat: seat.seatId, to, epoch, atMs: nowMs() });
        if (!outcome.ok) throw refusal(outcome.refusal, row);
        const heir = interview.participants.find(({ seatId }) => seatId === to);
        if (!heir || !isStaff(heir.role)) throw notFound();
        if (heir.presence !== "here") throw gone(heir.name);
        const passed = { to: heir, from: { name: row.controller_name, how: "handed_over" }, atMs: nowMs() } as const;
        if (!(await passControl(trx, row, outcome.control, passed))) throw await lostTo(trx, interview.id);
        if (!(await hasPlace(trx, to))) throw gone(heir.name);
        await auditSeat(trx, seat, "control.hand_over", { recordingId: row.id, epoch: outcome.control.epoch, to });
        return outcome.control;
      });
      const recording = await deps.changed(seat);
      return { epoch: after.epoch, controllerSeatId: after.controller, recording };
    },
    async acknowledge(seat, said) {
      if (seat.role === "candidate") throw new DomainError("auth.forbidden", "Candidates have no control to lose.");
      await database.tenant(seat.tenantId, async (trx) => {
        if (!(await lostAt(trx, seat.interviewId, seat.seatId, said.epoch))) {
          throw new DomainError("state.conflict", "epoch: control was not taken from you then.");
        }
        const known = await settle(trx, seat.interviewId, seat.seatId, said.epoch);
        for (const { recording_id, epoch } of known) {
          await trx
            .insertInto("acknowledgement")
            .values({ tenant_id: seat.tenantId, recording_id, epoch, seat_id: seat.seatId, safe_ms: said.safeMs })
            .onConflict((on) => on.doNothing())
            .execute();
        }
        if (known.length > 0) await auditSeat(trx, seat, "control.acknowledge", { ...said });
      });
      await deps.changed(seat);
    },
    async keepRecording(seat) {
      await keepRecording(database, seat);
      await deps.changed(seat);
    },
    async endCall(seat) {
      if (!hosts(seat.role)) throw new DomainError("auth.forbidden", "Only hosts end the call.");
      await database.tenant(seat.tenantId, async (trx) => {
        const interview = await interviewOf(trx, seat.interviewId);
        if (interview.ended_at !== null) return;
        await trx
          .updateTable("interview")
          .set((eb) => ({ ended_at: new Date(nowMs()), call_revision: eb("call_revision", "+", 1) }))
          .where("id", "=", interview.id)
          .execute();
        await auditSeat(trx, seat, "call.end");
        const row = await currentRecording(trx, interview.id);
        if (!row || (row.phase !== "recording" && row.phase !== "paused")) return;
        const stop: ControlEvent = { type: "stop", seat: null, epoch: row.epoch, atMs: nowMs() };
        const outcome = step(controlOf(row), stop);
        // Somebody else's change in this very moment: the whole ending is tried again by whoever clicks again.
        const done = outcome.ok && (await apply(trx, interview, row, outcome.control, "stop", asSeat(seat), nowMs()));
        if (!done) throw await lostTo(trx, interview.id);
      });
      await deps.changed(seat);
    },
    async allowCaptions(seat, on) {
      if (!hosts(seat.role)) throw new DomainError("auth.forbidden", "Only hosts change captions.");
      await database.tenant(seat.tenantId, async (trx) => {
        await trx
          .updateTable("interview")
          .set((eb) => ({ captions_for_candidate: on, call_revision: eb("call_revision", "+", 1) }))
          .where("id", "=", seat.interviewId)
          .execute();
        await auditSeat(trx, seat, "call.captions", { on });
      });
      await deps.changed(seat);
    },
    async startBySystem(at, interviewer) {
      return database.tenant(at.tenantId, async (trx) => {
        const interview = await interviewOf(trx, at.interviewId);
        const row = await currentRecording(trx, at.interviewId);
        if (!row || row.phase !== "idle" || interview.ended_at !== null || interview.cancelled_at !== null)
          return false;
        await consentLock(trx, at.interviewId);
        if ((await whyNotRecorded(trx, interview)) !== undefined) return false;
        const seat = row.controller_seat_id === null ? interviewer.seatId : null;
        const outcome = step(controlOf(row), { type: "start", seat, epoch: row.epoch, atMs: nowMs() });
        if (!outcome.ok) return false;
        const actor = seat === null ? "system" : { ...interviewer, label: "system" };
        return apply(trx, interview, row, outcome.control, "start", actor, nowMs());
      });
    },
  };
}

/** Who came by a link, or to listen, controls nothing unseen. Hosts of ours may also when their own way into the call is broken. */
const mustBeSeen = ({ role, account }: Seat): boolean => role === "observer" || !account;

const gone = (name: string): DomainError =>
  new DomainError("state.conflict", `${name} is not in the call any more. You still control the recording.`);

/** Start after a recording was closed begins the next part, which is controlled by whoever starts it. */
async function recordingFor(
  trx: TenantTrx,
  interview: InterviewRow,
  seat: Seat,
  action: ControlAction,
  epoch: number,
): Promise<RecordingRow> {
  const row = await currentRecording(trx, interview.id);
  if (!row) throw notFound();
  if (action !== "start") return row;
  if (!hosts(seat.role) && row.controller_seat_id !== seat.seatId) {
    throw new DomainError("auth.forbidden", "Hosts start the recording, and whoever controls it.");
  }
  if (row.phase !== "closed") return row;
  // A place that is closed in this moment is closed before the next part has a controller, or after.
  await lockedRecording(trx, interview.id);
  if (epoch !== row.epoch) throw refusal("stale_epoch", row);
  await insertRecording(
    trx,
    {
      tenantId: interview.tenant_id,
      interviewId: interview.id,
      part: row.part + 1,
      control: nextPart(controlOf(row)),
    },
    RecordingId.parse(randomUUID()),
  );
  return (await currentRecording(trx, interview.id)) ?? row;
}

/** Nothing is recorded of anybody who speaks and has not agreed. */
async function mustHaveConsented(trx: TenantTrx, interview: InterviewRow): Promise<void> {
  await consentLock(trx, interview.id);
  const why = await whyNotRecorded(trx, interview);
  if (why !== undefined) throw new DomainError("consent.required", why);
}

function refusal(reason: ControlRefusal, row: RecordingRow): DomainError {
  if (reason !== "stale_epoch" && reason !== "not_controller")
    return new DomainError("state.conflict", refusals[reason]);
  const who = row.controller_name === "" ? "Somebody else" : row.controller_name;
  return new DomainError("control.lost", `${who} controls the recording now.`);
}

async function lostTo(trx: TenantTrx, interviewId: InterviewId): Promise<DomainError> {
  const row = await currentRecording(trx, interviewId);
  return row ? refusal("stale_epoch", row) : notFound();
}
