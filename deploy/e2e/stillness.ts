import type { Page } from "playwright-core";

/**
 * From now on looks at every word and line of the transcript that is in view, at every frame; `still` answers by how many
 * pixels each of them has moved most, and which have gone.
 */
export async function watchStillness(page: Page): Promise<void> {
  await page.evaluate(() => {
    const box = document.querySelector('[role="region"][aria-label="Transcript"]');
    if (!box) throw new Error("There is no transcript.");
    const around = box.getBoundingClientRect();
    const seen = [...box.querySelectorAll("[data-word], [data-interim-text], p, h3, small")].flatMap((element) => {
      const { top, bottom, left } = element.getBoundingClientRect();
      return bottom > around.top && top < around.bottom ? [{ element, top, left, moved: 0 }] : [];
    });
    const look = (): void => {
      for (const one of seen) {
        const { top, left } = one.element.getBoundingClientRect();
        one.moved = one.element.isConnected
          ? Math.max(one.moved, Math.abs(top - one.top), Math.abs(left - one.left))
          : Number.POSITIVE_INFINITY;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(window, { stillness: () => seen.map(({ moved }) => moved) });
  });
}

/** After two more frames: how many were watched, and the farthest that any of them has moved, px. */
export async function stillness(page: Page): Promise<{ readonly watched: number; readonly movedPx: number }> {
  const moved = await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    return (window as unknown as { stillness: () => number[] }).stillness();
  });
  return { watched: moved.length, movedPx: Math.max(0, ...moved) };
}
