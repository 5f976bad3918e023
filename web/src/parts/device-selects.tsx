import { NativeSelect, Switch } from "@mantine/core";
import type { LocalMedia, SoundRules, Source } from "../media/local-media.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import styles from "./device-selects.module.css";

const rules = ["echoCancellation", "noiseSuppression", "autoGainControl"] as const satisfies (keyof SoundRules)[];

/** Microphone, camera and speaker by name. A list of one is still shown: it says what is in use. */
export function DeviceSelects({ local }: { local: LocalMedia }) {
  const { call, entrance } = useWords();
  const words = call.deviceMenu;
  const { devices, microphone, camera, speakerId, chosen, sound } = useObservable(local);
  const options = (list: readonly { id: string; label: string }[]) => [
    { value: "", label: words.system },
    ...list
      .filter(({ id }) => id !== "default")
      .map(({ id, label }) => ({ value: id, label: label || id.slice(0, 8) })),
  ];
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
        data={options(devices.microphones)}
        onChange={(event) => void local.openMicrophone(event.currentTarget.value)}
      />
      <NativeSelect
        label={words.camera}
        value={chosen.camera}
        error={faultOf(camera)}
        data={options(devices.cameras)}
        onChange={(event) => void local.openCamera(event.currentTarget.value)}
      />
      {camera.state === "live" && camera.blurred !== undefined && (
        <Switch
          size="md"
          label={words.blur}
          checked={camera.blurred}
          onChange={(event) => void local.setBlur(event.currentTarget.checked)}
        />
      )}
      {devices.speakers.length > 0 && (
        <NativeSelect
          label={words.speaker}
          value={speakerId}
          data={options(devices.speakers)}
          onChange={(event) => local.setSpeaker(event.currentTarget.value)}
        />
      )}
      <fieldset className={styles["sound"]}>
        <legend>{words.sound}</legend>
        {rules.map((rule) => (
          <Switch
            key={rule}
            size="md"
            label={words.rules[rule]}
            checked={sound[rule]}
            onChange={(event) => void local.setSound(rule, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
    </div>
  );
}
