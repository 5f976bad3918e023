import type { LocalMedia } from "./local-media.ts";

/**
 * Whether a phone has taken this page's sound. A system that holds the microphone silent says so (a phone call; Safari
 * in the background). Safari on iOS takes it from every hidden page, and this must be said before the page stands
 * still; Chrome on Android goes on sending, and nothing is wrong then.
 */
export function isPaused(of: {
  readonly microphoneSilenced: boolean;
  readonly hidden: boolean;
  readonly ios: boolean;
}): boolean {
  return of.microphoneSilenced || (of.hidden && of.ios);
}

/** iPads call themselves Macs; no Mac has a touch screen. */
export const isIos = ({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): boolean =>
  /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);

/** Tells when the phone takes the page's sound and gives it back. On return a microphone that ended is opened again. */
export function watchPhone(page: Window, local: LocalMedia, tell: (paused: boolean) => void): () => void {
  const { document, navigator } = page;
  const ios = isIos(navigator);
  let said = false;
  const look = (): void => {
    const { silenced, microphone } = local.get();
    const hidden = document.visibilityState === "hidden";
    const paused = isPaused({ microphoneSilenced: silenced && microphone.state === "live", hidden, ios });
    if (paused !== said) tell((said = paused));
  };
  const seen = (): void => {
    look();
    const { microphone } = local.get();
    const ended = microphone.state === "failed" && microphone.why === "ended";
    if (document.visibilityState === "visible" && ended) void local.openMicrophone();
  };
  const unsubscribe = local.subscribe(look);
  document.addEventListener("visibilitychange", seen);
  // iOS may skip the other event when it locks.
  page.addEventListener("pagehide", seen);
  look();
  return () => {
    unsubscribe();
    document.removeEventListener("visibilitychange", seen);
    page.removeEventListener("pagehide", seen);
  };
}
