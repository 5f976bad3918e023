import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { FIRST, script } from "../rehearse/go-first.ts";
import { PATIENCE_MS } from "./patience.ts";

const FIREFOX = process.env["FIREFOX_BIN"] ?? "/usr/bin/firefox-esr";

/**
 * Debian's Firefox as it is, by its own WebDriver BiDi. Its microphone is a tone and its camera a test picture, both
 * allowed without asking. `silent`: only sound that a press itself begins may play. (Firefox' own rule asks for any
 * press before, and takes the driver for a person who presses all the time.)
 */
export async function openFirefox({ silent = false } = {}): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), "firefox-"));
  try {
    return await puppeteer.launch({
      browser: "firefox",
      executablePath: await script(folder, `exec ${silent ? "" : FIRST} ${FIREFOX} "$@"`),
      headless: true,
      timeout: PATIENCE_MS,
      extraPrefsFirefox: {
        "media.navigator.permission.disabled": true,
        "media.navigator.streams.fake": true,
        // Without a sound card elements would not play, and nobody could say whether they were let.
        "media.cubeb.backend": "null",
        "media.autoplay.default": 1,
        "media.autoplay.blocking_policy": silent ? 2 : 0,
        // Both ends are on one machine, and its addresses are no secret to it.
        "media.peerconnection.ice.obfuscate_host_addresses": false,
        "media.peerconnection.ice.loopback": true,
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Presses the button of this name, once it can be pressed. */
export const press = (page: Page, name: string): Promise<void> =>
  page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(PATIENCE_MS).click();

export const shows = async (page: Page, text: string): Promise<void> => {
  await page.locator(`::-p-text(${text})`).setTimeout(PATIENCE_MS).wait();
};

/** How much sound of one seat the page has really played, in seconds; 0 where there is none. */
export const playedSeconds = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const voices = [...document.querySelectorAll<HTMLAudioElement>("audio[data-voice]")];
    return Math.max(0, ...voices.map((voice) => (voice.paused ? 0 : voice.currentTime)));
  });
