import { IconPictureInPicture, IconPin, IconPinnedOff } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import iconButton from "../parts/icon-button.module.css";
import styles from "./tiles.module.css";

type Props = {
  readonly name: string;
  readonly pinned: boolean;
  readonly onPin: () => void;
  /** A picture is there to be put into a window of its own. */
  readonly picture: boolean;
};

/** What one may do with a picture, at its lower edge: bars may stand over the upper one. */
export function TileButtons({ name, pinned, onPin, picture }: Props) {
  const { call: words } = useWords();
  const pin = pinned ? words.tiles.unpin(name) : words.tiles.pin(name);
  const small = words.tiles.ownWindow(name);
  return (
    <div className={styles["buttons"]} data-pinned={pinned}>
      {picture && document.pictureInPictureEnabled && (
        <button
          type="button"
          className={iconButton["overPicture"]}
          aria-label={small}
          title={small}
          onClick={(event) => void toggleOwnWindow(event.currentTarget.closest("figure")?.querySelector("video"))}
        >
          <IconPictureInPicture size={20} />
        </button>
      )}
      <button
        type="button"
        className={iconButton["overPicture"]}
        aria-label={pin}
        title={pin}
        aria-pressed={pinned}
        onClick={onPin}
      >
        {pinned ? <IconPinnedOff size={20} /> : <IconPin size={20} />}
      </button>
    </div>
  );
}

/** Puts a picture into the small window that stays on top of everything, or back. */
export async function toggleOwnWindow(video: HTMLVideoElement | null | undefined): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture();
  } catch {
    // The browser says no, as where the picture has not begun: it stays where it is, which everybody sees.
  }
}

/** The whole page, so that the lamp and all questions stay in sight; a single picture would hide them. */
export async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // Refused by the browser: the page stays as it is.
  }
}
