import { backoffMs } from "../session/step.ts";

/** A part of the program: not here at first; `missed` once it could not be had, while it is asked for again. */
export type Code<T> = { readonly here?: T; readonly missed: boolean };

/**
 * Asks for a part of the program until it is here: what a restarting server could not send at this moment must not be
 * missing on the page for good. Answers a function that gives up.
 */
export function fetchCode<T>(load: () => Promise<T>, tell: (code: Code<T>) => void): () => void {
  let wanted = true;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const ask = (tries: number): void => {
    load().then(
      (here) => wanted && tell({ here, missed: false }),
      // Why is in the browser's own log. Whatever it is, the page says that a part is missing.
      () => {
        if (!wanted) return;
        tell({ missed: true });
        retry = setTimeout(ask, backoffMs(tries), tries + 1);
      },
    );
  };
  ask(1);
  return () => {
    wanted = false;
    clearTimeout(retry);
  };
}

/** A style sheet that could not be fetched leaves the page: the part it belongs to would find it there, and come without it. */
export function dropFailedStyles(page: Document): void {
  page.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLLinkElement && target.rel === "stylesheet") target.remove();
    },
    { capture: true },
  );
}
