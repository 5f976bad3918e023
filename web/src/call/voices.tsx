import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { newest } from "../media/receiver.ts";
import { useObservable } from "../observable/use-observable.ts";
import type { Call } from "../session/call.ts";

type Sound = { readonly blocked: boolean; readonly turnOn: () => void };

const SoundContext = createContext<Sound | undefined>(undefined);

/** Whether the browser waits for a press before it plays the others, and what to do at that press. */
export function useSound(): Sound {
  const sound = useContext(SoundContext);
  if (!sound) throw new Error("Outside of a call.");
  return sound;
}

/** Plays everybody else from the first packet on, whatever of the page is drawn by then. */
export function Voices({ call, children }: { call: Call; children: ReactNode }) {
  const remotes = newest(useObservable(call.media.remotes));
  const { speakerId } = useObservable(call.local);
  const [blocked, setBlocked] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    // A phone that was locked or took a call has stopped what played; most go on when they are asked again.
    const seen = (): void => {
      if (document.visibilityState === "visible") setTurn((now) => now + 1);
    };
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, []);
  const turnOn = useCallback((): void => {
    setBlocked(false);
    setTurn((now) => now + 1);
  }, []);
  return (
    <SoundContext value={useMemo(() => ({ blocked, turnOn }), [blocked, turnOn])}>
      {remotes
        .filter(({ medium }) => medium === "audio")
        .map(({ consumerId, track, seatId }) => (
          <Voice
            key={consumerId}
            track={track}
            seatId={seatId}
            speakerId={speakerId}
            turn={turn}
            onBlocked={setBlocked}
          />
        ))}
      {children}
    </SoundContext>
  );
}

type VoiceProps = {
  readonly track: MediaStreamTrack;
  readonly seatId: string;
  readonly speakerId: string;
  /** Grows with each press on "Turn sound on". */
  readonly turn: number;
  readonly onBlocked: (blocked: true) => void;
};

function Voice({ track, seatId, speakerId, turn, onBlocked }: VoiceProps) {
  const element = useRef<HTMLAudioElement>(null);
  /** What the element was told last; a new one plays to the system's own. */
  const playsTo = useRef("");
  useEffect(() => {
    const audio = element.current;
    if (!audio) return;
    audio.srcObject = new MediaStream([track]);
    return () => {
      audio.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    element.current?.play().catch((thrown: unknown) => {
      // Any other refusal is the element going away while it begins to play.
      if (thrown instanceof DOMException && thrown.name === "NotAllowedError") onBlocked(true);
    });
  }, [track, turn, onBlocked]);
  useEffect(() => {
    const audio = element.current;
    // Asked for the speaker that it plays to already, a browser is busy with it all the same, just before the first sound.
    if (!audio || !("setSinkId" in audio) || playsTo.current === speakerId) return;
    playsTo.current = speakerId;
    audio.setSinkId(speakerId).catch(() => {
      // A speaker that was unplugged: the browser goes on with the system's own.
    });
  }, [speakerId]);
  /** Nothing of ours pauses it: the system did, for a call or a headset that went. */
  const onPause = (): void => {
    if (track.readyState !== "live" || document.visibilityState !== "visible") return;
    element.current?.play().catch((thrown: unknown) => {
      if (thrown instanceof DOMException && thrown.name === "NotAllowedError") onBlocked(true);
    });
  };
  // Live speech has its captions on the page.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  return <audio ref={element} data-voice={seatId} onPause={onPause} />;
}
