import { NativeSelect, Switch } from "@mantine/core";
import type { LocalMedia, SoundRules, Source } from "../media/local-media.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { deviceOptions } from "./device-options.ts";
import styles from "./device-selects.module.css";
import { SpeakerTest } from "./speaker-test.tsx";

const rules = ["echoCancellation", "noiseSuppression", "autoGainControl"] as const satisfies (keyof SoundRules)[];

/** Microphone, camera and, unless it stands elsewhere, speaker by name. A list of one is still shown: it says what is in use. */
export function DeviceSelects({ local, speaker = true }: { local: LocalMedia; speaker?: boolean }) {
  const { call, entrance } = useWords();
  const words = call.deviceMenu;
  const { devices, microphone, camera, chosen, sound } = useObservable(local);
  const faultOf = (source: Source): string | undefined =>
    source.state === "live" && source.refused
      ? `${entrance.faults[source.refused].what} ${words.stays(source.label)}`
      : undefined;
  return (
    <div className={styles["selects"]}>
      <NativeSelect
        label={words.microphone}
        value={chosen.microphone}
        error={faultOf(microphone)}
        data={deviceOptions(devices.microphones, words.system)}
        onChange={(event) => void local.openMicrophone(event.currentTarget.value)}
      />
      <NativeSelect
        label={words.camera}
        value={chosen.camera}
        error={faultOf(camera)}
        data={deviceOptions(devices.cameras, words.system)}
        onChange={(event) => void local.openCamera(event.currentTarget.value)}
      />
      {camera.state === "live" && camera.blurred !== undefined && (
        <Switch
          label={words.blur}
          checked={camera.blurred}
          onChange={(event) => void local.setBlur(event.currentTarget.checked)}
        />
      )}
      {speaker && <SpeakerTest local={local} />}
      <fieldset className={styles["sound"]}>
        <legend>{words.sound}</legend>
        {rules.map((rule) => (
          <Switch
            key={rule}
            label={words.rules[rule]}
            checked={sound[rule]}
            onChange={(event) => void local.setSound(rule, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
    </div>
  );
}
