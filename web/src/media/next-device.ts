import type { Source } from "./local-media.ts";

/** What a browser says there is. Chromium names the system's choice by an entry of its own; others follow it by themselves. */
export type Heard = {
  readonly microphones: readonly string[];
  readonly cameras: readonly string[];
  /** Changes when the system's choice does; "" where the browser does not say. */
  readonly systemMicrophone: string;
  /** Undefined where the browser names none, because nothing was allowed yet. */
  readonly speakers: readonly string[] | undefined;
};

export function heardBy(all: readonly MediaDeviceInfo[]): Heard {
  const idsOf = (kind: MediaDeviceKind): string[] =>
    all.flatMap((device) => (device.kind === kind && device.deviceId !== "" ? [device.deviceId] : []));
  const system = all.find(({ kind, deviceId }) => kind === "audioinput" && deviceId === "default");
  return {
    microphones: idsOf("audioinput"),
    cameras: idsOf("videoinput"),
    systemMicrophone: system ? `${system.groupId} ${system.label}` : "",
    speakers: all.some(({ kind, deviceId }) => kind === "audiooutput" && deviceId === "")
      ? undefined
      : idsOf("audiooutput"),
  };
}

/**
 * What to open after devices came or went; undefined leaves what is. Only what the person chose, or the system's choice
 * where they left it to the system: a camera that nobody chose is never turned on in its place.
 */
export function nextDevice(of: {
  readonly before: Heard;
  readonly now: Heard;
  readonly microphone: Source;
  readonly camera: Source;
  readonly chosen: { readonly microphone: string; readonly camera: string };
}): { readonly microphone: string | undefined; readonly camera: string | undefined } {
  return { microphone: nextMicrophone(of), camera: nextCamera(of) };
}

/** What plays: the chosen speaker while it is there, and the system's own, "", while it is away. */
export const speakerInUse = (chosen: string, { speakers }: Heard): string =>
  speakers === undefined || speakers.includes(chosen) ? chosen : "";

function nextMicrophone({ before, now, microphone, chosen }: Parameters<typeof nextDevice>[0]): string | undefined {
  const wanted = chosen.microphone;
  const wantedIsThere = wanted !== "" && now.microphones.includes(wanted);
  if (microphone.state === "failed") {
    if (microphone.why === "denied" || now.microphones.length === 0) return undefined;
    return wantedIsThere ? wanted : "";
  }
  if (microphone.state !== "live") return undefined;
  if (wanted !== "") return wantedIsThere && microphone.deviceId !== wanted ? wanted : undefined;
  const moved = before.systemMicrophone !== "" && now.systemMicrophone !== "";
  return moved && before.systemMicrophone !== now.systemMicrophone ? "" : undefined;
}

function nextCamera({ before, now, camera, chosen }: Parameters<typeof nextDevice>[0]): string | undefined {
  if (camera.state !== "failed" || camera.why !== "ended") return undefined;
  const cameBack = now.cameras.filter((id) => !before.cameras.includes(id));
  if (chosen.camera !== "") return cameBack.includes(chosen.camera) ? chosen.camera : undefined;
  return before.cameras.length === 0 && cameBack.length > 0 ? "" : undefined;
}
