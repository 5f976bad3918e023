import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { endCall } from "@verbatim/shared/api/call";
import { hosts } from "@verbatim/shared/ids";
import type { RoomView } from "@verbatim/shared/signal/protocol";
import { type ReactNode, useState } from "react";
import { call as callApi } from "../api/call.ts";
import { useObservable } from "../observable/use-observable.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import styles from "./bar.module.css";
import { CameraBar } from "./camera-bar.tsx";
import { ConsentBars } from "./consent-bars.tsx";
import { useCallView } from "./call-view.ts";
import { GivenControlBar } from "./given-control-bar.tsx";
import { LeakBar } from "./leak-bar.tsx";
import { AbsenceBars } from "./absence-bars.tsx";
import { LeaveBar } from "./leave-bar.tsx";
import { OfferBars } from "./offer-bars.tsx";
import { LostControlBar } from "./lost-control-bar.tsx";
import { MicrophoneBar } from "./microphone-bar.tsx";
import { NoMicrophoneBars } from "./no-microphone-bars.tsx";
import { QualityBar } from "./quality-bar.tsx";
import { SpeakerBar } from "./speaker-bar.tsx";
import { useKnockAlert } from "./use-knock-alert.ts";
import { useNow } from "../clock/use-now.ts";

/** What a person is about to do to the call, and is asked about first. */
export type Asked = "end" | "leave";

/** Questions and warnings during the call: bars over the top of the stage, never a dialog, and nothing below them moves. */
export function Bars({
  asked,
  onAnswered,
  told,
  above = false,
  children,
}: {
  asked?: Asked | undefined;
  onAnswered?: () => void;
  /** What the recording has to tell. */
  told: ReactNode;
  /** On a phone they stand above what is there, not over it. */
  above?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className={styles["bars"]} data-above={above}>
      <NetworkBar />
      {asked === "end" && <EndBar onAnswered={onAnswered} />}
      {asked === "leave" && <LeaveBar onAnswered={onAnswered} />}
      <AbsenceBars />
      <LostControlBar />
      <GivenControlBar />
      <OfferBars />
      <KnockBars />
      <ConsentBars />
      {told}
      <MicrophoneBar />
      <CameraBar />
      <SpeakerBar />
      <NoMicrophoneBars />
      <LeakBar />
      <QualityBar />
      {children}
    </div>
  );
}

function NetworkBar() {
  const { call: words } = useWords();
  const { call, state, live } = useCallView();
  const { path } = useObservable(call.media.health);
  const now = useNow();
  const { session } = state;
  const lostAtMs = session.phase === "lost" || session.phase === "connecting" ? session.lostAtMs : null;
  if (lostAtMs !== null) {
    const text =
      path === "good"
        ? words.network.lostMediaLives
        : words.network.lost(Math.max(0, Math.round((now - lostAtMs) / 1000)));
    return <Bar tone="attention">{text}</Bar>;
  }
  if (path === "restarting" || path === "renewing") return <Bar tone="attention">{words.network.mediaBroken}</Bar>;
  if (live?.connection === "lost") return <Bar tone="quiet">{words.network.transcriptLost}</Bar>;
  if (live?.connection === "refused") return <Bar tone="attention">{words.network.transcriptRefused}</Bar>;
  return null;
}

function EndBar({ onAnswered }: { onAnswered: (() => void) | undefined }) {
  const words = useWords();
  const { entry } = useCallView();
  const { interviewId, role } = entry;
  const end = useMutation({ mutationFn: () => callApi(endCall, undefined, { params: { interviewId, role } }) });
  return (
    <Bar tone="attention">
      {end.isError ? remedyOf(end.error, words).remedy.what : words.call.end.question}
      <Button color="danger" loading={end.isPending} onClick={() => end.mutate()}>
        {words.call.end.yes}
      </Button>
      <Button variant="default" onClick={onAnswered}>
        {words.call.end.no}
      </Button>
    </Bar>
  );
}

const keyOf = ({ seatId, deviceId }: RoomView["knocks"][number]): string => `${seatId}/${deviceId}`;

function KnockBars() {
  const { call, entry, state } = useCallView();
  useKnockAlert(state.room?.knocks.map(keyOf) ?? [], useObservable(call.local).speakerId);
  if (!hosts(entry.role)) return null;
  return state.room?.knocks.map((knock) => <KnockBar key={keyOf(knock)} knock={knock} />);
}

/** Goes when the room says that it is answered: whoever knocks again, as after a "Not now", is a new question. */
function KnockBar({ knock }: { knock: RoomView["knocks"][number] }) {
  const { call: words } = useWords();
  const { call } = useCallView();
  const [answered, setAnswered] = useState(false);
  const answer = (how: "admit" | "deny"): void => {
    setAnswered(true);
    // Not heard: the question stays until the room says otherwise.
    call.answerKnock(how, knock).catch(() => setAnswered(false));
  };
  return (
    <Bar tone="question">
      {knock.secondDevice ? words.knock.second(knock.name) : words.knock.asks(knock.name)}
      <Button loading={answered} onClick={() => answer("admit")} aria-label={words.knock.admit(knock.name)}>
        {words.knock.admitShort}
      </Button>
      <Button
        variant="default"
        disabled={answered}
        onClick={() => answer("deny")}
        aria-label={words.knock.deny(knock.name)}
      >
        {words.knock.denyShort}
      </Button>
    </Bar>
  );
}
