/** Newer than the browser's types that we compile against. */
type WithBlur = { readonly backgroundBlur?: unknown };

/** Whether the browser blurs this camera's background now; nothing where the person could not change it. */
export function blurOf(track: MediaStreamTrack): { readonly blurred?: boolean } {
  // Firefox has no capabilities on older versions.
  const can = (track.getCapabilities?.() as WithBlur | undefined)?.backgroundBlur;
  if (!Array.isArray(can) || !can.includes(true) || !can.includes(false)) return {};
  return { blurred: (track.getSettings() as WithBlur).backgroundBlur === true };
}

export async function applyBlur(track: MediaStreamTrack, on: boolean): Promise<void> {
  if (blurOf(track).blurred === undefined) return;
  try {
    await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: on } as MediaTrackConstraints);
  } catch {
    // Refused by the camera: the picture stays as it is, and the switch shows what is so.
  }
}
