import { Button, Stack, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { memo, useEffect, useState } from "react";
import type { Source } from "../media/local-media.ts";
import { type PictureFault, watchPicture } from "../media/picture-check.ts";
import { useObservable } from "../observable/use-observable.ts";
import { DeviceSelects } from "../parts/device-selects.tsx";
import { LevelMeter } from "../parts/level-meter.tsx";
import { SpeakerChoice } from "../parts/speaker-choice.tsx";
import { useTestSound } from "../parts/use-test-sound.ts";
import { Video } from "../parts/video.tsx";
import type { Place } from "../session/place.ts";
import { useWords } from "../words/words.ts";
import { Check } from "./check.tsx";
import styles from "./entrance.module.css";
import { OtherDay } from "./other-day.tsx";
import { PermissionPicture } from "./permission-picture.tsx";
import { NetworkCheck } from "./network-check.tsx";

type Props = {
  readonly entry: Entry;
  readonly place: Place;
  /** Pressed a while ago; the call is being entered behind this page. */
  readonly joining: boolean;
  readonly onJoin: () => void;
};

/** Camera, microphone, speaker and network, each proved before the call. Not drawn again for what changes around it. */
export const Devices = memo(function Devices({ entry, place, joining, onJoin }: Props) {
  const { local } = place;
  const { entrance } = useWords();
  const words = entrance.devices;
  const { microphone, camera, speakerId } = useObservable(local);
  const [heard, setHeard] = useState(false);
  const seen = useSeenPicture(camera);
  const pictureFault = seen === "good" ? undefined : seen;
  const silent = useSilence(microphone, heard);
  const sound = useTestSound(speakerId);
  /** Nobody is kept out for it. */
  const withoutMicrophone = ({ what, now }: Fault): Fault => ({ what, now: `${now} ${words.withoutMicrophone}` });
  const pictureWords = { dark: words.cameraDark, frozen: words.cameraFrozen };

  useEffect(() => {
    void local.openBoth();
  }, [local]);
  // A seat to speak that an observer was offered ends their old place with its first ticket: not before they press.
  const ahead = entry.role === "co-interviewer" ? undefined : place;
  useEffect(() => ahead?.prepare(), [ahead]);

  return (
    <Stack gap={12}>
      <Title order={1}>{entry.role === "candidate" ? words.title : words.titleStaff}</Title>
      <OtherDay entry={entry} />
      <Check
        name={words.camera}
        state={camera.state === "failed" || pictureFault ? "wrong" : seen === "good" ? "good" : "open"}
        said={
          pictureFault
            ? pictureWords[pictureFault]
            : seen === "good"
              ? words.cameraOn
              : camera.state === "asking" || camera.state === "live"
                ? words.asking
                : words.cameraOff
        }
        fault={camera.state === "failed" ? entrance.faults[camera.why] : undefined}
      >
        <div className={styles["preview"]}>
          {camera.state === "live" ? (
            <Video track={camera.track} label={words.preview} />
          ) : (
            <span>{words.cameraOff}</span>
          )}
        </div>
        {/* Once: it is the same place for both. */}
        {isDenied(camera) && !isDenied(microphone) && <PermissionPicture />}
        <Button
          variant="default"
          onClick={() => (camera.state === "live" ? local.closeCamera() : void local.openCamera())}
        >
          {camera.state === "live" ? words.turnCameraOff : words.turnCameraOn}
        </Button>
      </Check>
      <Check
        name={words.microphone}
        state={microphone.state === "failed" || silent ? "wrong" : heard ? "good" : "open"}
        said={
          microphone.state === "live" ? (heard ? words.heard : silent ? words.silent : words.speakNow) : words.asking
        }
        fault={microphone.state === "failed" ? withoutMicrophone(entrance.faults[microphone.why]) : undefined}
      >
        <LevelMeter track={microphone.state === "live" ? microphone.track : undefined} onHeard={() => setHeard(true)} />
        {isDenied(microphone) && <PermissionPicture />}
        {microphone.state === "failed" && (
          <Button variant="default" onClick={() => void local.openMicrophone()}>
            {words.again}
          </Button>
        )}
      </Check>
      <Check name={words.speaker} state={sound.state} said={sound.said}>
        <SpeakerChoice local={local} sound={sound} titled={false} />
      </Check>
      <NetworkCheck interviewId={entry.interviewId} role={entry.role} onSpoken={place.browser.expect} />
      <DeviceSelects local={local} speaker={false} />
      <div className={styles["join"]}>
        <Button
          size="lg"
          h={52}
          fullWidth
          loading={joining}
          onPointerEnter={ahead?.reach}
          onPointerDown={ahead?.reach}
          onFocus={ahead?.reach}
          onClick={onJoin}
        >
          {words.join}
        </Button>
      </div>
    </Stack>
  );
});

type Fault = { readonly what: string; readonly now: string };

const isDenied = (source: Source): boolean => source.state === "failed" && source.why === "denied";

/** What there is to say of the picture that the camera gives; undefined until there is one. */
function useSeenPicture(camera: Source): PictureFault | "good" | undefined {
  const track = camera.state === "live" ? camera.track : undefined;
  const [told, setTold] = useState<{ of: MediaStreamTrack; seen: PictureFault | "good" }>();
  useEffect(() => track && watchPicture(track, (seen) => setTold({ of: track, seen })), [track]);
  return told?.of === track ? told?.seen : undefined;
}

/** Long enough to have read the line that asks to speak, and to have spoken. */
const SILENT_MS = 10_000;

/** The microphone is open and nothing at all was heard from it. */
function useSilence(microphone: Source, heard: boolean): boolean {
  const track = microphone.state === "live" && !heard ? microphone.track : undefined;
  const [silent, setSilent] = useState<MediaStreamTrack>();
  useEffect(() => {
    if (!track) return;
    const timer = setTimeout(() => setSilent(track), SILENT_MS);
    return () => clearTimeout(timer);
  }, [track]);
  return track !== undefined && silent === track;
}
