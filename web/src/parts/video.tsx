import { useEffect, useRef } from "react";

/** A picture without sound; sound is played apart, so that it needs no picture to be heard. */
export function Video({
  track,
  label,
  className,
}: {
  track: MediaStreamTrack;
  label: string;
  className?: string | undefined;
}) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return <video ref={element} className={className} aria-label={label} autoPlay playsInline muted />;
}
