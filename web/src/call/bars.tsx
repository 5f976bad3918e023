import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { endCall } from "@verbatim/shared/api/call";
import { hosts } from "@verbatim/shared/ids";
import type { RoomView } from "@verbatim/shared/signal/protocol";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { call as callApi } from "../api/call.ts";
import type { LocalMedia, Source } from "../media/local-media.ts";
import { watchMutedSpeech } from "../media/muted-speech.ts";
import { useObservable } from "../observable/use-observable.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import styles from "./bar.module.css";
import { ConsentBars } from "./consent-bars.tsx";
import { useCallView } from "./call-view.ts";
import { GivenControlBar } from "./given-control-bar.tsx";
import { LeakBar } from "./leak-bar.tsx";
import { AbsenceBars } from "./absence-bars.tsx";
import { LeaveBar } from "./leave-bar.tsx";
import { OfferBars } from "./offer-bars.tsx";
import { LostControlBar } from "./lost-control-bar.tsx";
import { NoMicrophoneBars } from "./no-microphone-bars.tsx";
import { QualityBar } from "./quality-bar.tsx";
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

function MicrophoneBar() {
  const { call: words } = useWords();
  const { call, entry } = useCallView();
  const { microphone, silenced, muted } = useObservable(call.local);
  const asked = useObservable(call.asked);
  const speakingMuted = useMutedSpeech(call.local);
  const changedTo = useNewMicrophone(microphone);
  // Who unmutes, by whichever way, has answered.
  useEffect(() => {
    if (!muted) call.answerAsked();
  }, [call, muted]);
  if (entry.role === "observer") return null;
  if (microphone.state === "failed") return <Bar tone="attention">{words.mic[microphone.why]}</Bar>;
  if (silenced) return <Bar tone="attention">{words.mic.silenced}</Bar>;
  if (asked && muted) {
    return (
      <Bar tone={asked.muted ? "attention" : "question"}>
        {asked.muted ? words.mic.mutedBy(asked.byName) : words.mic.unmuteAsked(asked.byName)}
        <Button onClick={() => call.local.setMuted(false)}>{words.controls.unmute}</Button>
        <Button variant="default" onClick={call.answerAsked}>
          {asked.muted ? words.dismiss : words.mic.notNow}
        </Button>
      </Bar>
    );
  }
  if (speakingMuted) {
    return (
      <Bar tone="quiet">
        {words.mic.speakingMuted}
        <Button onClick={() => call.local.setMuted(false)}>{words.controls.unmute}</Button>
      </Bar>
    );
  }
  if (changedTo) return <Bar tone="quiet">{words.deviceMenu.now(changedTo)}</Bar>;
  return null;
}

function useMutedSpeech(local: LocalMedia): boolean {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => watchMutedSpeech(local, setSpeaking), [local]);
  return speaking;
}

/** How long it is said that another microphone is in use. */
const SAID_MS = 6_000;

/** The name of a microphone that has come into use since the last one, for a few seconds. */
function useNewMicrophone(microphone: Source): string {
  const label = microphone.state === "live" ? microphone.label : "";
  const before = useRef(label);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (label === "" || label === before.current) return;
    const first = before.current === "";
    before.current = label;
    if (first) return;
    setSaid(label);
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [label]);
  return said;
}
