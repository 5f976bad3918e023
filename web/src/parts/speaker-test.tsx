import type { LocalMedia } from "../media/local-media.ts";
import { useObservable } from "../observable/use-observable.ts";
import { SpeakerChoice } from "./speaker-choice.tsx";
import styles from "./device-selects.module.css";
import { useTestSound } from "./use-test-sound.ts";

/** The speaker, its sound, and what to do when nothing is heard. */
export function SpeakerTest({ local }: { local: LocalMedia }) {
  const { speakerId } = useObservable(local);
  const sound = useTestSound(speakerId);
  return (
    <div className={styles["test"]}>
      <SpeakerChoice local={local} sound={sound} />
      {sound.state !== "open" && (
        <p className={styles["said"]} role="status">
          {sound.said}
        </p>
      )}
    </div>
  );
}
