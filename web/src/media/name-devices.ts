import type { LocalMedia } from "./local-media.ts";

/**
 * Asks for the microphone, closes it at once, and has the devices' names from then on: browsers tell them only to who may
 * use one. False: the answer was no, or there is no microphone.
 */
export async function nameDevices(
  local: Pick<LocalMedia, "listDevices">,
  media: Pick<MediaDevices, "getUserMedia">,
): Promise<boolean> {
  try {
    const stream = await media.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
  } catch {
    // The page says where the sound goes then.
    return false;
  }
  await local.listDevices();
  return true;
}
