import { backoffMs } from "../session/step.ts";

/** A part of the program: not here at first; `missed` once it could not be had, while it is asked for again. */
export type Code<T> = { readonly here?: T; readonly missed: boolean };

/**
 * Asks for a part of the program until it is here: what a restarting server could not send at this moment must not be
 * missing on the page for good. Answers a function that gives up.
 */
export function fetchCode<T>(
  load: () => Promise<T>,
  tell: (code: Code<T>) => void,
  stylesAgain: () => Promise<unknown> = fetchFailedStyles,
): () => void {
  let wanted = true;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const ask = (tries: number, loaded: Promise<T>): void => {
    loaded.then(
      (here) => wanted && tell({ here, missed: false }),
      // Why is in the browser's own log. Whatever it is, the page says that a part is missing.
      () => {
        if (!wanted) return;
        tell({ missed: true });
        retry = setTimeout(() => ask(tries + 1, stylesAgain().then(load)), backoffMs(tries));
      },
    );
  };
  ask(1, load());
  return () => {
    wanted = false;
    clearTimeout(retry);
  };
}

const failedStyle = "link[rel=stylesheet][data-failed]";

/** Marks style sheets that could not be fetched: Vite asks for each of them once, and takes it for there after that. */
export function markFailedStyles(page: Document): void {
  const mark = ({ target }: Event): void => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") target.dataset["failed"] = "";
  };
  page.addEventListener("error", mark, { capture: true });
}

/** Resolves when all of them are here; rejects when one fails again. */
async function fetchFailedStyles(): Promise<void> {
  const failed = [...document.querySelectorAll<HTMLLinkElement>(failedStyle)];
  await Promise.all(
    failed.map((link) => {
      const again = link.cloneNode() as HTMLLinkElement;
      delete again.dataset["failed"];
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      again.addEventListener("load", () => resolve());
      again.addEventListener("error", () => reject(new Error(`${link.href} did not come.`)));
      link.replaceWith(again);
      return promise;
    }),
  );
}
