import { useEffect } from "react";

/** Keeps the screen on while `wanted`: a phone that locks takes the microphone. Lost with the page's sight, and asked for again. */
export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible" || (lock && !lock.released)) return;
      try {
        const got = await navigator.wakeLock.request("screen");
        if (over) await got.release();
        else lock = got;
      } catch {
        // Refused in a power-saving mode: the call goes on, and the person keeps the screen awake by hand.
      }
    };
    const seen = (): void => void ask();
    document.addEventListener("visibilitychange", seen);
    seen();
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", seen);
      void lock?.release();
    };
  }, [wanted]);
}
