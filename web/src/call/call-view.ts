import type { Entry } from "@verbatim/shared/api/call";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { SeatId } from "@verbatim/shared/ids";
import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { createContext, useContext } from "react";
import type { LiveState } from "../document/live-document.ts";
import { measuredLast } from "../document/live-view.ts";
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
  /** Since when neither signalling nor the document is connected, on this page's clock; null while one of them is. */
  readonly cutOffAtMs: number | null;
};

export const CallContext = createContext<CallView | undefined>(undefined);

export function useCallView(): CallView {
  const view = useContext(CallContext);
  if (!view) throw new Error("Outside of a call.");
  return view;
}

/** Two ways bring the same figures: the ones measured last are shown, whichever of them is cut. */
export function callView(call: Call, entry: Entry, state: CallState, live: LiveState | null): CallView {
  const { room, session } = state;
  const document = live?.connection === "live" ? live.view : undefined;
  return {
    call,
    entry,
    state,
    live,
    seatId: state.seatId ?? entry.seatId,
    recording: measuredLast(live?.view.recording, room?.recording) ?? recordingOff,
    // Signalling knows of people first: it holds their sockets.
    participants: room?.participants ?? document?.participants ?? [],
    title: room?.title ?? entry.title,
    durationMinutes: room?.durationMinutes ?? entry.durationMinutes,
    startsAtMs: room?.startsAtMs ?? Date.parse(entry.startsAt),
    cutOffAtMs: !document && (session.phase === "lost" || session.phase === "connecting") ? session.lostAtMs : null,
  };
}

export const nameOf = (participants: readonly Participant[], seatId: string): string =>
  participants.find((participant) => participant.seatId === seatId)?.name ?? "";
