import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What every page is looked at in. */
export const sizes = [
  { name: "desktop", width: 1280, height: 720 },
  { name: "phone", width: 360, height: 640 },
] as const;
const schemes = ["light", "dark"] as const;

/** The page at each size and scheme; `look` gets what to call it. */
export async function everyWay(
  page: Page,
  look: (way: string, size: (typeof sizes)[number]) => Promise<void>,
): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await look(`${size.name} ${colorScheme}`, size);
    }
  }
  await page.setViewportSize(sizes[0]);
}

/** What moves although it was asked not to has no contrast half-way. Ends after three still frames. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let still = 0; still < 3; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const moving = document
        .getAnimations()
        .filter(
          ({ effect, playState }) =>
            playState === "running" && effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY,
        );
      still = moving.length === 0 ? still + 1 : 0;
      await Promise.all(moving.map((each) => each.finished.catch(() => undefined))); // Replaced by another one.
    }
  });

/**
 * Nothing serious for assistive technology. With SCREENS=folder a picture of each is kept, of the window or of the whole
 * page, for a person who wants to look at them. Our pages have no frames, so none of axe's second page that joins what it
 * found in each, and only violations are told: a look takes a fifth of the time (n=8).
 */
export async function isAccessible(page: Page, way: string, fullPage = false): Promise<void> {
  await settled(page);
  const folder = process.env["SCREENS"];
  if (folder) await page.screenshot({ path: `${folder}/${way.replaceAll(" ", "-")}.png`, timeout: 0, fullPage });
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${way}: ${id} ${nodes[0]?.target.join(" ")}`)).toEqual([]);
}
