import { Button, Stack, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Entry } from "@verbatim/shared/api/call";
import { useEffect, useState } from "react";
import type { LocalMedia } from "../media/local-media.ts";
import { playTestSound } from "../media/test-sound.ts";
import { useObservable } from "../observable/use-observable.ts";
import { DeviceSelects } from "../parts/device-selects.tsx";
import { LevelMeter } from "../parts/level-meter.tsx";
import { Video } from "../parts/video.tsx";
import { useWords } from "../words/words.ts";
import { Check } from "./check.tsx";
import styles from "./entrance.module.css";
import { NetworkCheck } from "./network-check.tsx";

/** Camera, microphone, speaker and network, each proved before the call. Staff see the short form. */
export function Devices({ entry, local, onJoin }: { entry: Entry; local: LocalMedia; onJoin: () => void }) {
  const { entrance } = useWords();
  const words = entrance.devices;
  const { microphone, camera, speakerId } = useObservable(local);
  const [heard, setHeard] = useState(false);
  const sound = useMutation({ mutationFn: () => playTestSound(speakerId), networkMode: "always" });
  const whole = entry.role === "candidate";

  useEffect(() => {
    void local.openBoth();
  }, [local]);

  return (
    <Stack gap={12}>
      <Title order={1}>{whole ? words.title : words.titleStaff}</Title>
      <Check
        name={words.camera}
        state={camera.state === "live" ? "good" : camera.state === "failed" ? "wrong" : "open"}
        said={camera.state === "live" ? words.cameraOn : camera.state === "asking" ? words.asking : words.cameraOff}
        fault={camera.state === "failed" ? entrance.faults[camera.why] : undefined}
      >
        <div className={styles["preview"]}>
          {camera.state === "live" ? (
            <Video track={camera.track} label={words.preview} />
          ) : (
            <span>{words.cameraOff}</span>
          )}
        </div>
        <Button
          variant="default"
          onClick={() => (camera.state === "live" ? local.closeCamera() : void local.openCamera())}
        >
          {camera.state === "live" ? words.turnCameraOff : words.turnCameraOn}
        </Button>
      </Check>
      <Check
        name={words.microphone}
        state={microphone.state === "failed" ? "wrong" : heard ? "good" : "open"}
        said={microphone.state === "live" ? (heard ? words.heard : words.speakNow) : words.asking}
        fault={microphone.state === "failed" ? entrance.faults[microphone.why] : undefined}
      >
        <LevelMeter track={microphone.state === "live" ? microphone.track : undefined} onHeard={() => setHeard(true)} />
        {microphone.state === "failed" && (
          <Button variant="default" onClick={() => void local.openMicrophone()}>
            {words.again}
          </Button>
        )}
      </Check>
      {whole && (
        <Check
          name={words.speaker}
          state={sound.isError ? "wrong" : sound.isSuccess ? "good" : "open"}
          said={sound.isError ? words.speakerFailed : sound.isIdle ? words.speakerRemedy : words.playing}
        >
          <Button variant="default" loading={sound.isPending} onClick={() => sound.mutate()}>
            {words.play}
          </Button>
        </Check>
      )}
      {whole && <NetworkCheck interviewId={entry.interviewId} role={entry.role} />}
      <DeviceSelects local={local} />
      <div className={styles["join"]}>
        <Button size="lg" h={52} fullWidth onClick={onJoin}>
          {words.join}
        </Button>
      </div>
    </Stack>
  );
}
