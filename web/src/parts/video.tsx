import { useEffect, useRef } from "react";

type Props = {
  readonly track: MediaStreamTrack;
  readonly label: string;
  readonly className?: string | undefined;
  /** Told what it takes to fill this place sharply, and what came, as heights in the screen's pixels; must not change. */
  readonly onShown?: ((shown: { readonly placePx: number; readonly framePx: number }) => void) | undefined;
};

const WIDE = 16 / 9;

/** A picture without sound; sound is played apart, so that it needs no picture to be heard. */
export function Video({ track, label, className, onShown }: Props) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    const video = element.current;
    if (!video || !onShown) return;
    const look = (): void => {
      const { clientWidth, clientHeight, videoWidth, videoHeight } = video;
      // The picture covers its place, so the longer of both ways decides.
      const coverPx = Math.max(clientHeight, clientWidth / (videoHeight > 0 ? videoWidth / videoHeight : WIDE));
      onShown({ placePx: coverPx * devicePixelRatio, framePx: videoHeight });
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(video);
    video.addEventListener("resize", look);
    return () => {
      sizes.disconnect();
      video.removeEventListener("resize", look);
    };
  }, [onShown]);
  return <video ref={element} className={className} aria-label={label} autoPlay playsInline muted />;
}
