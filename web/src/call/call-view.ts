import type { Entry } from "@verbatim/shared/api/call";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { SeatId } from "@verbatim/shared/ids";
import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { createContext, useContext } from "react";
import type { LiveState } from "../document/live-document.ts";
import type { Call, CallState } from "../session/call.ts";

/** Everything the parts of a call's page read. Changes at most a few times per second; levels and seconds go their own ways. */
export type CallView = {
  readonly call: Call;
  readonly entry: Entry;
  readonly state: CallState;
  /** Null on the candidate's page: it never opens the live document. */
  readonly live: LiveState | null;
  readonly seatId: SeatId;
  readonly recording: RecordingView;
  readonly participants: readonly Participant[];
  readonly title: string;
  readonly durationMinutes: number;
  readonly startsAtMs: number;
  /** Whether what is shown comes from a living connection. */
  readonly fresh: boolean;
};

export const CallContext = createContext<CallView | undefined>(undefined);

export function useCallView(): CallView {
  const view = useContext(CallContext);
  if (!view) throw new Error("Outside of a call.");
  return view;
}

/** Staff read the live document while it lives, everybody else what signalling says. */
export function callView(call: Call, entry: Entry, state: CallState, live: LiveState | null): CallView {
  const { room } = state;
  const document = live?.connection === "live" ? live.view : undefined;
  const recording = document?.recording ?? room?.recording ?? live?.view.recording ?? recordingOff;
  return {
    call,
    entry,
    state,
    live,
    seatId: state.seatId ?? entry.seatId,
    recording,
    // Signalling knows of people first: it holds their sockets.
    participants: room?.participants ?? document?.participants ?? [],
    title: room?.title ?? entry.title,
    durationMinutes: room?.durationMinutes ?? entry.durationMinutes,
    startsAtMs: room?.startsAtMs ?? Date.parse(entry.startsAt),
    fresh: document !== undefined || state.session.phase === "in" || state.session.phase === "waiting",
  };
}

export const nameOf = (participants: readonly Participant[], seatId: string): string =>
  participants.find((participant) => participant.seatId === seatId)?.name ?? "";
