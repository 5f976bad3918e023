import { Button } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { newest } from "../media/receiver.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./remote-sound.module.css";

/** Plays everybody else. Where the browser refuses, one large button asks for the press it wants. */
export function RemoteSound() {
  const { call: words } = useWords();
  const { call, live } = useCallView();
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

  return (
    <>
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
      {blocked && (
        <div className={styles["cover"]}>
          <Button
            size="xl"
            h={72}
            leftSection={<IconVolume size={28} />}
            onClick={() => {
              setBlocked(false);
              setTurn((now) => now + 1);
            }}
          >
            {words.sound.turnOn}
          </Button>
          <p>
            {words.sound.why}
            {live && ` ${words.sound.words}`}
          </p>
        </div>
      )}
    </>
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
    if (!audio || !("setSinkId" in audio)) return;
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
