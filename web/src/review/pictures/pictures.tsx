import type { ReviewPicture } from "@verbatim/shared/api/pictures";
import { IconMaximize, IconScreenShare } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useObservable } from "../../observable/use-observable.ts";
import { sideOf } from "../../parts/side-of.ts";
import { useWords } from "../../words/words.ts";
import type { Playback } from "../playback.ts";
import type { ReviewOf } from "../review-section.tsx";
import { initialsOf } from "../../parts/initials.ts";
import { createPictureScreen } from "./picture-screen.ts";
import iconButton from "../../parts/icon-button.module.css";
import styles from "./pictures.module.css";

/** The speakers beside their sound; what somebody shared is shown large while it was shared. */
export function Pictures({ playback, review }: { playback: Playback; review: ReviewOf }) {
  const { review: words } = useWords();
  const held = review.pictures.filter(({ pieces }) => pieces.length > 0);
  if (held.length === 0) return null;
  const cameras = held.filter(({ kind }) => kind === "camera");
  const speakers = [...cameras, ...review.coverage].filter(
    ({ seatId }, index, all) => all.findIndex((other) => other.seatId === seatId) === index,
  );
  return (
    <div className={styles["pictures"]} role="group" aria-label={words.pictures.label}>
      {held
        .filter(({ kind }) => kind === "screen")
        .map((screen) => (
          <Picture key={screen.seatId} playback={playback} kind="screen" of={screen} pieces={screen.pieces} />
        ))}
      <div className={styles["cameras"]}>
        {speakers.map((speaker) => (
          <Picture
            key={speaker.seatId}
            playback={playback}
            kind="camera"
            of={speaker}
            pieces={cameras.find(({ seatId }) => seatId === speaker.seatId)?.pieces ?? none}
          />
        ))}
      </div>
    </div>
  );
}

const none: ReviewPicture["pieces"] = [];

type Props = {
  readonly playback: Playback;
  readonly kind: ReviewPicture["kind"];
  readonly of: Pick<ReviewPicture, "seatId" | "role" | "speaker">;
  readonly pieces: ReviewPicture["pieces"];
};

/** A camera that shows nothing is a still tile with initials; a screen that nobody shares is not there. */
function Picture({ playback, kind, of: { seatId, role, speaker }, pieces }: Props) {
  const { review } = useWords();
  const words = review.pictures;
  const tile = useRef<HTMLElement>(null);
  const one = useRef<HTMLVideoElement>(null);
  const other = useRef<HTMLVideoElement>(null);
  const [screen] = useState(() => createPictureScreen(playback));
  const showing = useObservable(screen.showing);
  useEffect(() => (one.current && other.current ? screen.attach([one.current, other.current]) : undefined), [screen]);
  useEffect(() => screen.pieces(pieces), [screen, pieces]);
  const name = kind === "screen" ? words.screenOf(speaker) : speaker;
  return (
    <figure
      ref={tile}
      className={styles["tile"]}
      aria-label={kind === "screen" ? name : words.cameraOf(speaker)}
      data-kind={kind}
      data-side={sideOf(role)}
      data-seat={seatId}
      data-showing={showing}
    >
      {kind === "camera" && (
        <span className={styles["initials"]} aria-hidden>
          {initialsOf(speaker)}
        </span>
      )}
      <video ref={one} preload="auto" playsInline muted aria-hidden tabIndex={-1} />
      <video ref={other} preload="auto" playsInline muted aria-hidden tabIndex={-1} />
      <figcaption>
        {kind === "screen" && <IconScreenShare size={16} aria-hidden />}
        <span>{name}</span>
        {kind === "camera" && showing === "none" && <small>{words.none}</small>}
      </figcaption>
      {kind === "screen" && document.fullscreenEnabled && (
        <button
          type="button"
          className={`${iconButton["overPicture"]} ${styles["large"]}`}
          aria-label={words.fullScreen(speaker)}
          title={words.fullScreen(speaker)}
          onClick={() => {
            tile.current?.requestFullscreen().catch(() => {
              // The browser refused it; the picture stays where it is.
            });
          }}
        >
          <IconMaximize size={20} aria-hidden />
        </button>
      )}
    </figure>
  );
}
