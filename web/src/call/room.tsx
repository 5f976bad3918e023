import type { Entry } from "@verbatim/shared/api/call";
import { speaks } from "@verbatim/shared/ids";
import { useDeferredValue, useEffect, useState } from "react";
import { type Chat, ChatContext, createChat } from "../chat/use-chat.ts";
import { type Before, forgetInCall, rememberInCall } from "../entrance/been-here.ts";
import type { LocalMedia } from "../media/local-media.ts";
import { watchPhone } from "../media/watch-phone.ts";
import { createNotesShelf, NotesShelfContext } from "../notes/notes-shelf.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useOwned } from "../observable/use-owned.ts";
import { useCode } from "../parts/use-code.ts";
import { WithCode } from "../parts/with-code.tsx";
import type { Call } from "../session/call.ts";
import type { Place } from "../session/place.ts";
import type { Session } from "../session/step.ts";
import { watchNetwork } from "../session/watch-network.ts";
import { CallContext, callView } from "./call-view.ts";
import { CandidateScreen } from "./candidate-screen.tsx";
import { Over } from "./over.tsx";
import { useLastNotes } from "./use-last-notes.ts";
import { useWakeLock } from "./use-wake-lock.ts";
import { Voices } from "./voices.tsx";
import { Waiting } from "./waiting.tsx";

// The live document's code goes to those who may open it.
const loadStaffRoom = () => import("./staff-room.tsx");

type Props = {
  readonly entry: Entry;
  readonly place: Place;
  readonly before: Before | undefined;
  /** Another page is in sight, until this one says by `onShown` that it has something to show. */
  readonly behind: boolean;
  readonly onShown: () => void;
};

/** One person's call on this page, from joining to the end. */
export function Room(props: Props) {
  const { entry, place } = props;
  const chat = useOwned(() => createChat(entry));
  return chat ? (
    <ChatContext value={chat}>
      <Voices call={place.call}>
        <Joined chat={chat} {...props} />
      </Voices>
    </ChatContext>
  ) : null;
}

type JoinedProps = Props & { readonly chat: Chat };

function Joined({ place, chat, entry, before, behind, onShown }: JoinedProps) {
  const { call, documents } = place;
  const state = useObservable(call.state);
  const { session } = state;
  const { interviewId, role } = entry;
  const arranged = useArranged(call, session.phase === "in");
  const phase = shownPhase(session);
  // Drawing the call takes a tenth of a second at once; deferred, it lets what else goes on happen between its parts.
  const whenHeard = useDeferredValue(phase === "in" && !arranged ? "new" : phase);
  // Who only listens is there to read, too: the page is drawn while its words are on their way.
  const shown = speaks(role) ? whenHeard : phase;
  const notes = useOwned(createNotesShelf);
  const lastNotes = useLastNotes(notes, session);
  const staff = useCode(role === "candidate" ? undefined : loadStaffRoom);

  useEffect(() => {
    if (speaks(role)) openDevices(call.local, before);
    // A press that joined may have been refused by now: that is not asked again.
    const now = call.state.get().session;
    if (now.phase !== "over" || now.why === "left") call.join();
    return watchNetwork(window, { changed: call.networkChanged, woke: call.woke });
  }, [call, role, before]);

  const inCall = session.phase === "in";
  useWakeLock(inCall);
  useEffect(() => (inCall ? watchPhone(window, call.local, call.heldBy) : undefined), [call, inCall]);
  const messages = state.room?.chat ?? 0;
  useEffect(() => {
    if (inCall) chat.log.catchUp(messages);
  }, [chat, inCall, messages]);
  const over = session.phase === "over";
  useEffect(() => {
    if (over) {
      forgetInCall(sessionStorage, interviewId, role);
      call.local.closeAll();
    }
    if (!inCall) return;
    const remember = (): void => {
      const { muted, camera } = call.local.get();
      rememberInCall(sessionStorage, interviewId, role, { muted, camera: camera.state === "live" });
    };
    remember();
    return call.local.subscribe(remember);
  }, [call, interviewId, role, inCall, over]);

  const shows = shown !== "new" || session.phase === "over" || session.phase === "lost";
  useEffect(() => {
    if (shows) onShown();
  }, [shows, onShown]);

  const waiting = behind ? null : <Waiting entry={entry} state={state} atDoor={shown === "waiting"} />;
  if (session.phase === "over") {
    if (behind) return null;
    const again = (): void => {
      if (speaks(role)) openDevices(call.local, before);
      call.join();
    };
    return <Over session={session} entry={entry} notes={lastNotes} again={again} />;
  }
  const drawn = !behind && shown === "in";
  if (role === "candidate") {
    if (!drawn) return waiting;
    return (
      <CallContext value={callView(call, entry, state, null)}>
        <CandidateScreen />
      </CallContext>
    );
  }
  // The live document comes before the call is drawn, and behind the first sound of who speaks. Who only listens asks for it
  // beside the way in, and gets it once in.
  const opens = speaks(role) ? shown === "in" : phase === "in" || session.phase === "connecting";
  if (!opens || (behind && !staff.here)) return waiting;
  return (
    <WithCode code={staff} waiting={waiting}>
      {({ StaffRoom }) => (
        <NotesShelfContext value={notes}>
          <StaffRoom
            call={call}
            documents={documents}
            entry={entry}
            state={state}
            meanwhile={drawn ? undefined : waiting}
          />
        </NotesShelfContext>
      )}
    </WithCode>
  );
}

/** Sound that is not there by then, as when nobody else has come yet, is not waited for. */
const DRAW_AT_LATEST_MS = 300;

/** Sound first: what is drawn before somebody is heard makes each of its steps wait. */
function useArranged(call: Call, inCall: boolean): boolean {
  const heard = useObservable(call.media.remotes).some(({ medium, decoded }) => medium === "audio" && decoded);
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (!inCall) return;
    const timer = setTimeout(() => setWaited(true), DRAW_AT_LATEST_MS);
    return () => clearTimeout(timer);
  }, [inCall]);
  return waited || heard;
}

/** A broken connection leaves what is on the screen where it is. */
function shownPhase(session: Session): "new" | "waiting" | "in" {
  if (session.phase === "idle" || session.phase === "over") return "new";
  return session.phase === "lost" || session.phase === "connecting" ? session.was : session.phase;
}

/** After a reload the devices open as they were; after the check they are open already. */
function openDevices(local: LocalMedia, before: Before | undefined): void {
  const { microphone, camera } = local.get();
  if (before && microphone.state === "off") local.setMuted(before.muted);
  if (microphone.state === "off") void local.openMicrophone();
  if (camera.state === "off" && before?.camera) void local.openCamera();
}
