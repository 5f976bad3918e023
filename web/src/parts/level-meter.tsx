import { useEffect, useEffectEvent, useRef } from "react";
import { measureLevel } from "../media/level.ts";
import { useWords } from "../words/words.ts";
import styles from "./level-meter.module.css";

/** Speech well above room noise, so that "We hear you" means a voice. */
const HEARD = 0.45;

/** How loud the microphone is now. `onHeard` is told once when a voice was loud enough. */
export function LevelMeter({ track, onHeard }: { track: MediaStreamTrack | undefined; onHeard?: () => void }) {
  const { entrance } = useWords();
  const meter = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLElement>(null);
  const heard = useEffectEvent(() => onHeard?.());

  useEffect(() => {
    if (!track) return;
    let loudFor = 0;
    return measureLevel(track, (level) => {
      // Straight to the element: twenty renders a second would be felt on small machines.
      if (bar.current) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
      meter.current?.setAttribute("aria-valuenow", String(Math.round(level * 100)));
      loudFor = level > HEARD ? loudFor + 1 : 0;
      if (loudFor === 4) heard();
    });
  }, [track]);

  return (
    <div
      ref={meter}
      className={styles["meter"]}
      role="meter"
      aria-label={entrance.devices.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
    >
      <i ref={bar} />
    </div>
  );
}
