import { useEffect, useEffectEvent, useMemo } from "react";
import type { LocalMedia } from "../media/local-media.ts";
import { isSwitch, isWriting } from "../parts/is-writing.ts";
import { toggleFullScreen, toggleOwnWindow } from "./tile-buttons.tsx";

export type CallKeys = {
  readonly toggleMute: () => void;
  readonly toggleCamera: () => void;
  readonly toggleCaptions: () => void;
};

type Options = {
  readonly local: LocalMedia;
  readonly speaks: boolean;
  readonly toggleCaptions: () => void;
  /** Shows the next person large, after the last nobody. */
  readonly nextLarge: () => void;
  readonly toggleShortcuts: () => void;
  readonly toggleChat: () => void;
  readonly escape: () => void;
};

/** Space on a focused button or switch presses it; elsewhere it is for speaking. */
const takesSpace = (target: EventTarget | null): boolean =>
  isWriting(target) ||
  isSwitch(target) ||
  (target instanceof HTMLElement && target.closest("button, a, [role=tab], summary") !== null);

/** The picture that goes into a small window: of who is shown large, else of the first person who is not oneself. */
const bestPicture = (): HTMLVideoElement | null =>
  document.querySelector<HTMLVideoElement>("figure[data-pinned='true'] video") ??
  document.querySelector<HTMLVideoElement>("figure:not([data-kind='self']) video");

/** The keyboard of a call: M, space held, V, C, T, L, P, F, ?, Esc. */
export function useKeys({
  local,
  speaks,
  toggleCaptions,
  toggleShortcuts,
  toggleChat,
  nextLarge,
  escape,
}: Options): CallKeys {
  const keys = useMemo<CallKeys>(
    () => ({
      toggleMute: () => {
        const { microphone, muted } = local.get();
        if (microphone.state === "live") local.setMuted(!muted);
        else {
          local.setMuted(false);
          void local.openMicrophone();
        }
      },
      toggleCamera: () => (local.get().camera.state === "live" ? local.closeCamera() : void local.openCamera()),
      toggleCaptions,
    }),
    [local, toggleCaptions],
  );

  const chat = useEffectEvent(toggleChat);
  const large = useEffectEvent(nextLarge);

  useEffect(() => {
    let speaking = false;
    const release = (): void => {
      if (!speaking) return;
      speaking = false;
      local.setMuted(true);
    };
    const down = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape" && !event.repeat) return escape();
      if (isWriting(event.target)) return;
      if (event.key === " ") {
        if (!speaks || takesSpace(event.target)) return;
        event.preventDefault();
        if (event.repeat || !local.get().muted) return;
        speaking = true;
        local.setMuted(false);
        return;
      }
      if (event.repeat) return;
      if (event.key === "?") toggleShortcuts();
      else if (event.key === "t" || event.key === "T") {
        // The letter itself must not be written into the line that opens.
        event.preventDefault();
        chat();
      } else if (event.key === "l" || event.key === "L") large();
      else if (event.key === "p" || event.key === "P") void toggleOwnWindow(bestPicture());
      else if (event.key === "f" || event.key === "F") void toggleFullScreen();
      else if (event.key === "c" || event.key === "C") keys.toggleCaptions();
      else if (speaks && (event.key === "m" || event.key === "M")) keys.toggleMute();
      else if (speaks && (event.key === "v" || event.key === "V")) keys.toggleCamera();
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === " ") release();
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    // The key may be let go of in another window; the microphone must not stay open for it.
    window.addEventListener("blur", release);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", release);
    };
  }, [keys, local, speaks, toggleShortcuts, escape]);
  return keys;
}
