export type PictureFault = "dark" | "frozen";

/** Mean luma of 0 to 255 below which nobody sees a face; a lit room at night is above 40. */
const DARK = 22;
/** Two looks a second: a real sensor's noise changes something in every one. */
const LOOK_MS = 500;
const FROZEN_LOOKS = 8;
const DARK_LOOKS = 4;
const WIDTH = 32;
const HEIGHT = 18;

/** Judges a picture by looks at it, each 32 × 18 RGBA. A fault is told after some looks and taken back at once. */
export function createPictureCheck(): (pixels: Uint8ClampedArray) => PictureFault | undefined {
  let before: Uint8ClampedArray | undefined;
  let same = 0;
  let dark = 0;
  return (pixels) => {
    same = before && equal(before, pixels) ? same + 1 : 0;
    before = pixels.slice();
    dark = luma(pixels) < DARK ? dark + 1 : 0;
    if (dark >= DARK_LOOKS) return "dark";
    return same >= FROZEN_LOOKS ? "frozen" : undefined;
  };
}

function luma(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    sum += 0.2126 * (pixels[i] ?? 0) + 0.7152 * (pixels[i + 1] ?? 0) + 0.0722 * (pixels[i + 2] ?? 0);
  }
  return sum / Math.max(1, pixels.length / 4);
}

const equal = (a: Uint8ClampedArray, b: Uint8ClampedArray): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** A camera that is allowed and gives no picture at all for this long stands still. */
const UNSEEN_LOOKS = 6;

/**
 * Looks at a camera's track and tells what there is to say of its picture, whenever that changes; nothing before the first
 * one came. Nothing is kept of what is seen.
 */
export function watchPicture(track: MediaStreamTrack, tell: (seen: PictureFault | "good") => void): () => void {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const check = createPictureCheck();
  let said: PictureFault | "good" | undefined;
  let unseen = 0;
  const say = (seen: PictureFault | "good"): void => {
    if (seen === said) return;
    said = seen;
    tell(seen);
  };
  video.play().catch(() => {
    // The track ended before its first picture: there is nothing to judge.
  });
  const timer = setInterval(() => {
    // A hidden page's pictures stand still by the browser's will.
    if (!context || document.visibilityState !== "visible") return;
    if (video.readyState < video.HAVE_CURRENT_DATA) {
      if (++unseen >= UNSEEN_LOOKS) say("frozen");
      return;
    }
    context.drawImage(video, 0, 0, WIDTH, HEIGHT);
    say(check(context.getImageData(0, 0, WIDTH, HEIGHT).data) ?? "good");
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    video.srcObject = null;
  };
}
