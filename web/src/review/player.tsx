import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconRewindBackward10,
  IconRewindForward10,
} from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { clockOf } from "../clock/format.ts";
import { useObservable } from "../observable/use-observable.ts";
import { FaultText } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { CoverageLine } from "./coverage-line.tsx";
import type { Playback } from "./playback.ts";
import styles from "./review.module.css";
import type { ReviewOf } from "./review-section.tsx";

type Props = { readonly playback: Playback; readonly src: string; readonly review: ReviewOf };

const speeds = [0.75, 1, 1.25, 1.5, 2];

/** Plays one master. Its owner keys it by that, so that a newer one is loaded. */
export function Player({ playback, src, review }: Props) {
  const { review: words, desk } = useWords();
  const audio = useRef<HTMLAudioElement>(null);
  const { playing, rate, broken } = useObservable(playback.state);
  useEffect(() => (audio.current ? playback.attach(audio.current) : undefined), [playback]);

  return (
    <div className={styles["player"]} role="group" aria-label={words.player}>
      {/* The transcript below is the recording's text. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio ref={audio} src={src} preload="metadata" />
      <ActionIcon
        size={44}
        variant="default"
        aria-label={words.back}
        title={words.back}
        onClick={() => playback.seek(Math.max(0, playback.position.get() - 10_000))}
      >
        <IconRewindBackward10 size={22} />
      </ActionIcon>
      <ActionIcon
        size={52}
        radius="xl"
        aria-label={playing ? words.pause : words.play}
        onClick={playing ? playback.pause : playback.play}
      >
        {playing ? <IconPlayerPauseFilled size={24} /> : <IconPlayerPlayFilled size={24} />}
      </ActionIcon>
      <ActionIcon
        size={44}
        variant="default"
        aria-label={words.forward}
        title={words.forward}
        onClick={() => playback.seek(Math.min(review.durationMs, playback.position.get() + 10_000))}
      >
        <IconRewindForward10 size={22} />
      </ActionIcon>
      <Position playback={playback} review={review} />
      <NativeSelect
        className={styles["speed"] ?? ""}
        aria-label={words.speed}
        value={String(rate)}
        data={speeds.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
        onChange={(event) => playback.setRate(Number(event.currentTarget.value))}
      />
      {broken && (
        <div className={styles["broken"]}>
          <FaultText remedy={words.broken}>
            <Button variant="default" onClick={playback.play}>
              {desk.tryAgain}
            </Button>
          </FaultText>
        </div>
      )}
    </div>
  );
}

function Position({ playback, review }: { playback: Playback; review: ReviewOf }) {
  const { review: words } = useWords();
  const atMs = useObservable(playback.position);
  return (
    <div className={styles["position"]}>
      <input
        type="range"
        min={0}
        max={review.durationMs}
        step={100}
        value={Math.min(atMs, review.durationMs)}
        aria-label={words.seek}
        aria-valuetext={words.of(clockOf(atMs), clockOf(review.durationMs))}
        onChange={(event) => playback.seek(Number(event.currentTarget.value))}
      />
      <CoverageLine review={review} />
      <span className={styles["times"]}>
        <span data-position-ms={atMs}>{clockOf(atMs)}</span>
        <span>{clockOf(review.durationMs)}</span>
      </span>
    </div>
  );
}
