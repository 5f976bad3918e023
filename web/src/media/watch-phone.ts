import type { HeldBy } from "@verbatim/shared/control/protocol";
import type { LocalMedia } from "./local-media.ts";

/**
 * Who has taken this page's sound, if anybody. A system that holds the microphone silent says so: on a phone a phone call,
 * or Safari in the background; on a computer a switch or another program, and everything but the sound goes on. Safari on
 * iOS takes the sound from every hidden page, and this must be said before the page stands still; Chrome on Android goes on
 * sending, and nothing is wrong then.
 */
export function heldBy(of: {
  readonly microphoneSilenced: boolean;
  readonly hidden: boolean;
  readonly ios: boolean;
  readonly handheld: boolean;
}): HeldBy | undefined {
  if (of.hidden && of.ios) return "phone";
  if (!of.microphoneSilenced) return undefined;
  return of.handheld ? "phone" : "system";
}

/** iPads call themselves Macs; no Mac has a touch screen. */
export const isIos = ({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): boolean =>
  /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);

/** A phone or a tablet. */
export const isHandheld = (browser: Pick<Navigator, "userAgent" | "maxTouchPoints">): boolean =>
  isIos(browser) || /\b(Android|Mobile)\b/.test(browser.userAgent);

/**
 * Tells when phone or system take the page's sound and give it back. On return a microphone that ended, or was taken while
 * nobody saw the page, is opened again: a hidden page may be refused one that was allowed.
 */
export function watchPhone(page: Window, local: LocalMedia, tell: (held: HeldBy | undefined) => void): () => void {
  const { document, navigator } = page;
  const ios = isIos(navigator);
  const handheld = isHandheld(navigator);
  let said: HeldBy | undefined;
  /** The microphone was open when the page was hidden. */
  let hadMicrophone = false;
  const look = (): void => {
    const { silenced, microphone } = local.get();
    const hidden = document.visibilityState === "hidden";
    const microphoneSilenced = silenced && microphone.state === "live";
    const held = heldBy({ microphoneSilenced, hidden, ios, handheld });
    if (held !== said) tell((said = held));
  };
  const seen = (): void => {
    look();
    const { microphone } = local.get();
    if (document.visibilityState === "hidden") {
      hadMicrophone ||= microphone.state === "live";
      return;
    }
    const taken = microphone.state === "failed" && (hadMicrophone || microphone.why === "ended");
    hadMicrophone = false;
    if (taken) void local.openMicrophone();
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
