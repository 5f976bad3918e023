import { Loader } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { Entry } from "@verbatim/shared/api/call";
import { speaks } from "@verbatim/shared/ids";
import { startTransition, useCallback, useEffect, useRef, useState } from "react";
import { entryQuery } from "../api/queries.ts";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { OtherDevice } from "../parts/other-device.tsx";
import { createPlace } from "../session/place.ts";
import { useOwned } from "../observable/use-owned.ts";
import { useCode } from "../parts/use-code.ts";
import { WithCode } from "../parts/with-code.tsx";
import { useWords } from "../words/words.ts";
import { type Before, whatWas } from "./been-here.ts";
import { Declined } from "./declined.tsx";
import { Devices } from "./devices.tsx";
import { GuestName } from "./guest-name.tsx";
import { networkCheckKey } from "./network-check.tsx";
import { OverBefore } from "./over-before.tsx";
import { type Arrival, stageOf } from "./stage.ts";
import { Steps } from "./steps.tsx";
import { Welcome } from "./welcome.tsx";

const loadRoom = () => import("../call/room.tsx");
/** For those who may open the live document, its code too. */
const loadStaffRoom = async () => (await Promise.all([loadRoom(), import("../call/staff-room.tsx")]))[0];

/** Leads one person through notice, name and devices into the call; owns their place in it, with microphone and camera. */
export function Entrance({ entry }: { entry: Entry }) {
  const { entrance } = useWords();
  const client = useQueryClient();
  const [afterNo, setAfterNo] = useState<Arrival["afterNo"]>("undecided");
  const [checked, setChecked] = useState<boolean | "asking">("asking");
  const [before, setBefore] = useState<Before>();
  const place = useOwned(() => createPlace(entry));
  // While the person reads and checks, the call's own code arrives.
  const room = useCode(entry.role === "candidate" ? loadRoom : loadStaffRoom);
  const keep = (next: Entry): void => {
    client.setQueryData(entryQuery(entry.interviewId, entry.role).queryKey, next);
  };
  const answered = (next: Entry): void => {
    setAfterNo("undecided");
    keep(next);
  };
  const stage = stageOf({ entry, afterNo, checked: checked === true });
  // What was pressed stays in sight until the call has something to show: drawing another page would make sound wait.
  const [pressed, setPressed] = useState(false);
  const joining = pressed && stage === "call";
  const late = useLate(joining);
  // Who is led back, to a notice that has changed, is not heard meanwhile: there is no Mute on that page.
  const inRoom = useRef(false);
  useEffect(() => {
    if (inRoom.current && stage !== "call") place?.call.leave();
    inRoom.current = stage === "call";
  }, [place, stage]);
  useEffect(() => {
    // While they write their name.
    if (stage === "name") place?.browser.warm();
  }, [place, stage]);
  const join = useCallback((): void => {
    // Before anything is drawn; where the call's code is still on its way, nobody is to be heard who hears nothing yet.
    if (room.here) place?.call.join();
    // Its connections must not compete with the call's.
    void client.cancelQueries({ queryKey: networkCheckKey(entry) });
    startTransition(() => {
      setPressed(true);
      setChecked(true);
    });
  }, [client, entry, place, room.here]);
  const named = (next: Entry): void => {
    // Nothing else stands between who listens and the call: this was the press that joins.
    if (!speaks(next.role)) {
      if (room.here) place?.call.join();
      else place?.prepare();
      void place?.documents.prepare();
      setPressed(true);
    }
    keep(next);
  };
  const drawn = useCallback(() => {
    // In parts, between which sound is arranged; who only listens reads at once, and what arrives begins no part anew.
    if (speaks(entry.role)) startTransition(() => setPressed(false));
    else setPressed(false);
  }, [entry.role]);

  useEffect(() => {
    let here = true;
    void whatWas(sessionStorage, navigator.permissions, entry.interviewId, entry.role).then((was) => {
      if (!here) return;
      setBefore(was);
      setChecked((now) => (now === "asking" ? was !== undefined : now));
    });
    return () => {
      here = false;
    };
  }, [entry.interviewId, entry.role]);

  if (checked === "asking" || !place) return null;
  if (!window.isSecureContext && speaks(entry.role)) {
    // The frame says why, and what to do.
    return <DeskFrame narrow>{null}</DeskFrame>;
  }

  return (
    <>
      {stage === "call" && (
        <WithCode code={room} waiting={joining ? null : <Loader m={24} aria-label={entrance.wait.connecting} />}>
          {({ Room }) => <Room entry={entry} place={place} before={before} behind={joining} onShown={drawn} />}
        </WithCode>
      )}
      {(stage !== "call" || joining) && (
        <DeskFrame narrow>
          {entry.role === "candidate" && stage !== "over" && stage !== "declined" && (
            <Steps at={stage === "devices" || joining ? 1 : 0} />
          )}
          {stage === "over" && <OverBefore entry={entry} />}
          {stage === "declined" && (
            <Declined
              entry={entry}
              onGoOn={() => setAfterNo("unrecorded")}
              onReadAgain={() => setAfterNo("reads-again")}
            />
          )}
          {stage === "welcome" && <Welcome entry={entry} onEntry={answered} />}
          {(stage === "name" || (joining && !speaks(entry.role))) && (
            <GuestName entry={entry} joining={joining} onEntry={named} />
          )}
          {(stage === "devices" || (joining && speaks(entry.role))) && (
            <Devices entry={entry} place={place} joining={late} onJoin={join} />
          )}
          {stage !== "over" && <OtherDevice entry={entry} />}
        </DeskFrame>
      )}
    </>
  );
}

/** Most joins are over by then; each frame of something that moves takes its time from theirs. */
const LATE_MS = 300;

function useLate(joining: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!joining) return;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [joining]);
  return late;
}
