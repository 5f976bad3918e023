import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useState } from "react";
import type { LocalMedia } from "../media/local-media.ts";
import { nameDevices } from "../media/name-devices.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { deviceOptions } from "./device-options.ts";
import styles from "./device-selects.module.css";
import type { TestSound } from "./use-test-sound.ts";

const canChoose = "setSinkId" in HTMLMediaElement.prototype;

/** The speaker by name, and its sound; where the browser names none, why, and where the sound goes then. */
export function SpeakerChoice({
  local,
  sound,
  titled = true,
}: {
  local: LocalMedia;
  sound: TestSound;
  /** Not where a title above says already what it is. */
  titled?: boolean;
}) {
  const { call, entrance } = useWords();
  const words = call.deviceMenu;
  const { devices, microphone, speakerId } = useObservable(local);
  const [asked, setAsked] = useState<"not" | "asking" | "refused">("not");
  useEffect(() => {
    // Who only listens has opened nothing that would have listed them.
    if (canChoose) void local.listDevices();
  }, [local]);
  const named = canChoose && devices.speakers.length > 0;
  const opened = microphone.state === "live";

  return (
    <div className={styles["speaker"]}>
      {named ? (
        <NativeSelect
          label={titled ? words.speaker : undefined}
          aria-label={titled ? undefined : words.speaker}
          value={speakerId}
          data={deviceOptions(devices.speakers, words.system)}
          onChange={(event) => local.setSpeaker(event.currentTarget.value)}
        />
      ) : (
        <p>{!canChoose ? words.speakerOfSystem : opened ? words.noSpeakers : words.speakersUnnamed}</p>
      )}
      <Button variant="default" loading={sound.playing} onClick={sound.play}>
        {entrance.devices.play}
      </Button>
      {canChoose && !named && !opened && (
        <Button
          variant="default"
          loading={asked === "asking"}
          onClick={() => {
            setAsked("asking");
            void nameDevices(local, navigator.mediaDevices).then((allowed) => setAsked(allowed ? "not" : "refused"));
          }}
        >
          {words.nameSpeakers}
        </Button>
      )}
      {asked === "refused" && <p role="status">{words.namesRefused}</p>}
    </div>
  );
}
